/**
 * The group engine on Bouncy Castle's MLS. That library implements the protocol faithfully but trusts what it receives
 * and keeps what it should wipe; this package is the distrust around it. Only {@link
 * sotto.keys.groups.mls.MlsGroupEngine} is public.
 *
 * <p>The way of a message from outside:
 *
 * <ol>
 *   <li>{@code Wire*} decode it whole with {@link sotto.keys.groups.mls.TlsReader}: bounded, canonical, nothing left
 *       over, nothing outside of the profile. No length reaches the library that was not checked here.
 *   <li>{@link sotto.keys.groups.mls.CommitCheck} and {@link sotto.keys.groups.mls.LeafRules} verify signatures, tag,
 *       bindings, lifetimes and uniqueness, and compute who will be at which leaf.
 *   <li>{@link sotto.keys.groups.mls.Library} runs the library under one lock for the whole process, and turns whatever
 *       it throws into a refusal. {@link sotto.keys.groups.mls.Suite} is what it computes with.
 *   <li>{@link sotto.keys.groups.mls.EpochState} compares the resulting tree with the computed one, leaf by leaf, and the
 *       private keys with the tree (RFC 9420 §7.5), before anybody can use the epoch.
 * </ol>
 */
package sotto.keys.groups.mls;

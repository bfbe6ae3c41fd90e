/**
 * All of Sotto's key material: identity, MLS groups, SFrame keys, safety numbers, and the journal of what happened to
 * each key. Nothing here touches the network, a window or another module of Sotto: it is what an auditor reads.
 *
 * <p>The way of a key: {@link sotto.keys.identity} (long-term identity) signs the leaf of {@link sotto.keys.groups}
 * (MLS, RFC 9420), whose exporter and the link secret become the frame keys of {@link sotto.keys.frames} (SFrame, RFC
 * 9605). {@link sotto.keys.Labels} holds every derivation label, {@link sotto.keys.journal} the record of every key.
 */
package sotto.keys;

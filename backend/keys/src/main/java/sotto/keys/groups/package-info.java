/**
 * MLS groups (RFC 9420) as Sotto needs them, and nothing more: a narrow engine whose interface shows no type of the
 * library below, so that another engine can take its place.
 *
 * <p>The profile: suite MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519; commits only, each a PublicMessage of a member
 * with Add and Remove proposals by value and always an update path; Welcome with the ratchet tree inside; no extensions,
 * pre-shared keys, external commits, standalone proposals or application messages. Whatever arrives is authenticated and
 * checked whole before any state changes. The caller decides <em>whether</em> a change is wanted: {@link
 * sotto.keys.groups.StagedCommit} tells it exactly what a commit would do.
 *
 * <p>Types here are thread-safe unless they say otherwise. Nothing but {@link sotto.keys.groups.GroupException} comes
 * out of bad input.
 */
package sotto.keys.groups;

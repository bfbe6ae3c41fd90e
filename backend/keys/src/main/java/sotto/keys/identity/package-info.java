/**
 * The long-term identity of a profile: a Signal identity key (Curve25519 with XEdDSA signatures), and the ids that
 * stand for one visit to a room. The private half never leaves this package except into the profile's store.
 */
package sotto.keys.identity;

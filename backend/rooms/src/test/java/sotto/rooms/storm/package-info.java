/**
 * Whole room sessions (real envelopes, frames and log hashes) in random rooms in virtual time, at a server that may lie.
 * MLS is whatever {@link sotto.rooms.storm.Engine} brings: symbols here, the real one in the tests of the app.
 */
package sotto.rooms.storm;

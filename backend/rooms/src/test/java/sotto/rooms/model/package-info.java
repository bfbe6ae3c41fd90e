/** Checks the TLA+ specification in {@code src/tla} with TLC, and traces of the real machine against it. */
package sotto.rooms.model;

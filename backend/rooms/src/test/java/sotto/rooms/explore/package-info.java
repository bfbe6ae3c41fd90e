/**
 * Explores the actual room machine, {@link sotto.rooms.machine.RoomMachine#step}: no model of it stands in between.
 *
 * <p>A {@link sotto.rooms.explore.World} is one server and its clients: each client is the machine's immutable state and
 * its MLS in symbols ({@link sotto.rooms.explore.Client}), the server is a value too ({@link sotto.rooms.explore.Server}).
 * Time does not pass: whatever is under way may arrive, and whichever timer is set may run out, in any order. A world
 * changes by one {@link sotto.rooms.explore.Action} at a time, so a run is a list of actions, which can be printed, told
 * as a story, shortened and replayed.
 *
 * <ul>
 *   <li>{@link sotto.rooms.explore.Exhaustive} visits every world that is reachable within a budget of faults.
 *   <li>{@link sotto.rooms.explore.RandomRuns} takes random paths through rooms of up to twelve.
 *   <li>{@link sotto.rooms.explore.Calm} goes on from a world without further faults: everybody must end up together.
 *   <li>{@link sotto.rooms.explore.Mutants} breaks the machine on purpose: each break must be found.
 * </ul>
 *
 * <p>What must hold is {@link sotto.rooms.explore.Property}, by the names of the TLA+ specification. Bounds, counts and
 * how to replay: docs/exploration.md.
 */
package sotto.rooms.explore;

/**
 * The call engine: joins a room session ({@code rooms}), the group's keys ({@code keys}) and the page with its worker
 * ({@code bridge}) into one call.
 *
 * <ul>
 *   <li>{@link sotto.app.call.CallDesk}: what the page may ask for; at most one call at a time.
 *   <li>{@link sotto.app.call.Call}: one stay in one room, told to the page as one whole state.
 *   <li>{@link sotto.app.call.RoomGroup}: the MLS group as the room session sees it.
 *   <li>{@link sotto.app.call.WorkerKeys}: which frame keys the worker has, gets and forgets.
 *   <li>{@link sotto.app.call.Problems}: every sentence about trouble that a person can read.
 * </ul>
 *
 * Everything here runs on one thread, the call thread; the bridge and the network hand over to it.
 */
package sotto.app.call;

/**
 * Runs the state machine of {@code machine} for one room: opens and seals envelopes, calls the MLS group, keeps the
 * connection to the server, sets timers.
 *
 * <p>{@link sotto.rooms.session.RoomSession} is what an app uses; the app implements {@link sotto.rooms.session.GroupPort},
 * {@link sotto.rooms.session.ServerPort}, {@link sotto.rooms.session.Timers} and
 * {@link sotto.rooms.session.RoomListener}. All of a session's work, the calls to these interfaces included, is done on
 * its one executor; no lock is needed anywhere.
 */
package sotto.rooms.session;

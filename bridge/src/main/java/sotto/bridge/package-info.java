/**
 * The contract between the three local parts of Sotto: the page (call UI), the frame worker, and the backend.
 *
 * <ul>
 *   <li>{@code messages}: every message that crosses, as a record; the TypeScript types are generated from them.
 *   <li>{@code gate}: who may connect: launch secret, cookie, page token, worker ticket, Host and Origin.
 *   <li>{@code seal}: how frame keys travel to the worker so that neither the page nor a recorded loopback sees them.
 *   <li>{@code local}: the loopback HTTP and WebSocket endpoint that applies the gate.
 *   <li>{@code types}: the generator of the TypeScript types.
 * </ul>
 *
 * Knows nothing of calls, rooms or MLS; those come in through {@code local}'s listener interfaces.
 */
package sotto.bridge;

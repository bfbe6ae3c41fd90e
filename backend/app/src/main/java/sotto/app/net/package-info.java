/**
 * The app's connection to the coordination server: {@link sotto.app.net.ServerConnector} opens WebSockets for room
 * sessions. It carries frames (docs/protocol.md §2) as text, in order and bounded, and notices within seconds when the
 * network or the server is dead. What frames mean is the session's business; payloads are sealed before they come here
 * and no key ever does.
 */
package sotto.app.net;

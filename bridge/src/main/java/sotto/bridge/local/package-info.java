/**
 * The loopback HTTP and WebSocket endpoint: serves the page and the worker's file, applies the {@code gate} to every
 * request, carries the messages, and seals what goes to the worker. The app comes in through {@link
 * sotto.bridge.local.PageListener} and {@link sotto.bridge.local.WorkerListener}.
 *
 * <p>Threads: Jetty's threads check requests and parse messages; everything after that, all listener calls included,
 * happens on one thread of the bridge, in order.
 */
package sotto.bridge.local;

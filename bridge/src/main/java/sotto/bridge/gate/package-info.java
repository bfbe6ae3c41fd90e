/**
 * Who may connect to the local backend. Every program and every web page on this machine can reach its port, so each
 * request and socket has to show that it comes from the page that the user opened:
 *
 * <ol>
 *   <li>A <b>launch secret</b>, handed to the window in-process or printed as a one-time URL, is redeemed once for the
 *       cookie and a <b>page token</b>.
 *   <li>Every request carries Host, and Origin or Sec-Fetch-Site where browsers send them, of exactly this port (DNS
 *       rebinding, other sites, other ports), and the cookie.
 *   <li>The page's socket carries the page token too: cookies ignore ports, the session storage that holds it does not.
 *   <li>A worker's socket carries a <b>ticket</b> that was given to the connected page.
 *   <li>A second page, or a second worker, waits for the user's yes in the first page.
 * </ol>
 *
 * Decisions only: no HTTP, no sockets, no threads, no clock of its own. {@code local} tells {@link sotto.bridge.gate.Gate}
 * what happened and carries out the {@link sotto.bridge.gate.Effect}s.
 */
package sotto.bridge.gate;

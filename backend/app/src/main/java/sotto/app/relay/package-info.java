/**
 * The way from the page's relay client to a relay node: the page speaks to this computer alone, and this package carries
 * what it says, with the ticket that lets it in. What is carried is signalling; media goes from the page to the relay
 * itself, encrypted by the frame worker.
 */
package sotto.app.relay;

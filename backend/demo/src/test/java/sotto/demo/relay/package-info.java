/**
 * Calls through a real LiveKit, between real pages: a relay that lies about frames, that dies, that is moved to and away
 * from while people talk, and what it learns of them.
 */
package sotto.demo.relay;

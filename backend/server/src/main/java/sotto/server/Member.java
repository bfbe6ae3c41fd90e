package sotto.server;

import sotto.rooms.wire.ConnectionId;

/** A connection as its room sees it. */
interface Member {
    ConnectionId id();

    /** Puts a frame behind those already waiting. Called with the room locked: must neither block nor call back. */
    void enqueue(String frame);

    /** Starts sending what waits. Called with no lock held. */
    void flush();
}

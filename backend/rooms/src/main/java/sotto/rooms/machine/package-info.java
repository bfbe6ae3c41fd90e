/**
 * The room protocol as a pure state machine: {@link sotto.rooms.machine.RoomMachine#step} takes a
 * {@link sotto.rooms.machine.RoomState} and a {@link sotto.rooms.machine.RoomEvent} and gives the next state and the
 * {@link sotto.rooms.machine.RoomEffect}s to carry out. No clock, no I/O, no randomness, no cryptography, no threads in
 * here; states are immutable values that can be hashed and compared.
 *
 * <h2>MLS and cryptography</h2>
 *
 * Everything that needs a key is found out <i>before</i> the machine sees an event and stands in it as a fact: whose
 * signature a message bears, what a KeyPackage says, what a commit would change ({@code RoomEvent.Reading}, made as
 * {@link sotto.rooms.machine.RoomMachine#reading} asks). What the machine wants done with MLS is an effect without an
 * answer: make a commit, adopt, discard. So each event is one atomic step, as in a TLA+ action; there is no half-done
 * state waiting for MLS, an exploration needs no model of a port, and the rules read top to bottom.
 *
 * <h2>The rules</h2>
 *
 * <ol>
 *   <li><b>Coming in</b> ({@code Connecting}, {@code Admission}). Into an empty room: found a group at once. Into a room
 *       with others: ask, and wait. If nobody admits, the first to have arrived after 2 s, each later one 1.5 s after: ask
 *       again, and found a group when that request has come back in the log and no answer before it. So nobody founds one
 *       that has been admitted and does not know it yet, however late it reads. Two founders at once do no harm, see 4.
 *   <li><b>Committing</b> ({@code Committing}). There is work if somebody asked to join, left, went, or wants a new
 *       epoch. The attached member with the lowest leaf commits all of it at once; rank r after r × 600 ms. One own
 *       commit is in flight at a time; what comes meanwhile goes into the next. After a commit in a crowd of newcomers
 *       (three came with it, or wait when it lands) the next that only adds waits 100 ms for more of them, and as long
 *       again, up to 11 times, while more come or somebody who is connected has not asked yet. Where a commit cannot be
 *       (one member alone, a group from another log, a refused commit), a new group is founded by the same order of ranks.
 *   <li><b>Following</b> ({@code Commits}, {@code Judge}). The own commit counts when it comes back in the log, not
 *       before. Every other member's commit is checked against the log: adds only who asked, removes only who left, is
 *       not there or asks again, changes nothing else. A forbidden one is refused with an alarm; its maker's identity is
 *       banned in this log, and the members found a group without it. Who cannot follow (missed a commit, was removed,
 *       cannot process it) asks to join again and keeps its old keys until it is admitted.
 *   <li><b>One group</b> ({@code Mark}). The group founded last in the log wins. Who hears of a newer one asks to join
 *       it; who hears somebody speak for an older one makes a commit, which shows them the newer.
 *   <li><b>Who is where</b> ({@code Attaching}). A member is <i>attached</i> on a connection if the log says so: it asked
 *       there and was admitted, founded there, or posted {@code attach}. New members learn the seats from the commit
 *       that admits them; members who find themselves missing in it, or who see somebody come back who may not know
 *       them, tell them directly. Who went by the log is gone at once; who is merely not known to be there is gone once
 *       every connection can be placed. While one stays silent it cannot: after 10 s whoever misses somebody founds a
 *       group (a commit that removes one who is there, as others know, would be a wrong one).
 *   <li><b>Losing the server</b> ({@code Connecting}). Connect again after 0.1 s, at most 1 s. If the log is the same:
 *       attach; if the group moved on meanwhile, the others show it by a commit, see 3. If the log is new: attach, and
 *       go on with the same keys; the group is <i>carried over</i> and has no more commits, since the old log's last
 *       commit may have reached some members and not others. The first change founds a group. Members who do not come
 *       back are dropped after 10 s.
 *   <li><b>What a client cannot know</b>. It has not seen what happened before it came or while it was away: who asked,
 *       who took that back, who moved to another connection. It does not act on such knowledge (a seat or request from
 *       before {@code LogState.entered} is unsure until confirmed), and when it judges a commit it takes the others' word
 *       for it, for requests during its first 16 epochs: they were there and check it. Without this, honest members
 *       would accuse each other.
 * </ol>
 *
 * <h2>What the server must do for this to hold</h2>
 *
 * Each connection gets the log's entries, direct messages and answers in one order; of two commits for one epoch of a
 * group it gets the winner's entry before {@code lost}. A server that does otherwise is noticed by sequence and hash
 * (in {@code session}), and can at worst keep people apart.
 */
package sotto.rooms.machine;

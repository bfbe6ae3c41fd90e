package sotto.rooms.machine;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import sotto.rooms.RoomPath;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.rules.Agreed;
import sotto.rooms.rules.Pass;
import sotto.rooms.rules.RoomRules;
import sotto.rooms.wire.ConnectionId;
import sotto.rooms.wire.GroupId;
import sotto.rooms.wire.LogId;

/**
 * What the machine reacts to. Everything that needs cryptography has been found out before and stands in the event: whose
 * signature a message bears, what a KeyPackage says, what a commit would change.
 */
public sealed interface RoomEvent {

    /** The person enters the room. */
    record Enter() implements RoomEvent {}

    /** The person leaves. */
    record Leave() implements RoomEvent {}

    /** The person's worker was replaced: a new epoch is needed. */
    record Rekey() implements RoomEvent {}

    /** The own leaf must be renewed: only a commit of this member's own does that. */
    record Renew() implements RoomEvent {}

    /** The person's tracks changed: tell everybody. */
    record TracksChanged() implements RoomEvent {}

    /** The person wants the room's media to travel another way. */
    record SetPath(RoomPath path) implements RoomEvent {}

    /** The server let this client into the room. */
    record Entered(ConnectionId me, LogId log, long sequence, List<ConnectionId> present) implements RoomEvent {
        public Entered {
            present = List.copyOf(present);
        }
    }

    /** The connection is over, or could not be made. */
    record Disconnected() implements RoomEvent {}

    /** The server refused for good. */
    record Refused(End end) implements RoomEvent {}

    /** Our commit or {@code found} was not the first for its group and epoch. */
    record Lost(GroupId group, long epoch) implements RoomEvent {}

    /** A timer that was set ran out. */
    record Fired(RoomTimer timer) implements RoomEvent {}

    /** MLS could not make what {@link RoomEffect.MakeCommit} or {@link RoomEffect.MakeGroup} asked for. */
    record MakingFailed() implements RoomEvent {}

    /** The next entry of the log. */
    sealed interface Entry extends RoomEvent {
        long sequence();

        ConnectionId from();
    }

    record Arrived(long sequence, ConnectionId from) implements Entry {}

    record Gone(long sequence, ConnectionId from) implements Entry {}

    /** A message in the log. */
    record Posted(long sequence, ConnectionId from, Message message) implements Entry {}

    /**
     * A commit in the log.
     *
     * @param epoch the epoch that it begins; 0 for a new group
     */
    record Committed(long sequence, ConnectionId from, GroupId group, long epoch, Change change) implements Entry {}

    /**
     * A member told the path a while ago, from a connection on which this client did not know it yet; its signature is
     * proved now.
     */
    record PathHeard(Agreed agreed) implements RoomEvent {}

    /** A message sent to this client alone, outside of the log. */
    record Sent(ConnectionId from, Message.Attach message) implements RoomEvent {}

    /**
     * A member tells this client, which asked to come in, that it has to wait for a host.
     *
     * @param host whether one is there; nobody's word but the sender's
     * @param rules verified
     */
    record ToldToWait(ConnectionId from, boolean host, RoomRules rules) implements RoomEvent {}

    /** What a message in the log says. */
    sealed interface Message {
        /** Asks for admission; the KeyPackage is valid and the message bears its signature. */
        record Join(KeyPackageInfo info, Bytes keyPackage) implements Message {}

        /**
         * A member is on a new connection.
         *
         * @param since sequence of the group's {@code found} entry, 0 if there is none in this log
         * @param proved the message bears the signature of that leaf in the own group
         * @param agreed what it knows; the rules are verified
         */
        record Attach(GroupId group, long epoch, int leaf, long since, boolean proved, Agreed agreed)
                implements Message {}

        /**
         * Tells the path and the rules: a member switches the one, a host sets the others.
         *
         * @param agreed the rules are verified
         * @param proved the message bears the signature of the member attached on the connection
         * @param fresh a host sets these rules now; else they are told again, for those who may not know them
         */
        record Told(Agreed agreed, boolean proved, boolean fresh) implements Message {}

        /**
         * Lets somebody into a locked room, or refuses; bears the author's signature.
         *
         * @param author identity key
         * @param seen sequence up to which whoever posted it had seen the log
         */
        record Admit(Bytes author, Pass pass, boolean allow, long seen) implements Message {}

        /** @param proved the message bears one of the signatures of {@link RoomMachine#leaveKeys} */
        record Left(boolean proved) implements Message {}

        /** Asks for a new epoch; bears the signature of the member attached on the connection. */
        record RekeyAsked() implements Message {}

        /** Nothing that the machine need know. */
        record Other() implements Message {}

        /** Not what it should be: to be shown, and ignored. */
        record Bad(Alarm alarm, String detail) implements Message {}
    }

    /** What a commit in the log holds. */
    sealed interface Change {
        /**
         * A new group; the message bears the signature of this KeyPackage.
         *
         * @param rules that the founder knows, verified
         */
        record Founded(KeyPackageInfo founder, RoomRules rules) implements Change {}

        /**
         * An MLS commit.
         *
         * @param seen sequence up to which the committer had seen the log
         * @param since sequence of the group's {@code found} entry
         * @param admitted who is added, in the order of the KeyPackages
         * @param seats for those added: who is attached where
         * @param banned for those added: identities not to be admitted
         * @param handed for those added: what the room has agreed on; empty if nobody is added
         */
        record Commit(
                long seen,
                long since,
                List<Admitted> admitted,
                SortedMap<Integer, ConnectionId> seats,
                SortedSet<Bytes> banned,
                Optional<Handed> handed,
                Reading reading)
                implements Change {
            public Commit {
                admitted = List.copyOf(admitted);
                seats = Collections.unmodifiableSortedMap(new TreeMap<>(seats));
                banned = Collections.unmodifiableSortedSet(new TreeSet<>(banned));
                Objects.requireNonNull(reading, "reading");
            }
        }

        /** Not what it should be. Its place among the group's commits is taken all the same. */
        record Bad(Alarm alarm, String detail) implements Change {}
    }

    /**
     * What a commit hands on to those whom it adds.
     *
     * @param agreed the rules are verified
     * @param passes who may come into the locked room and is not in the group that the commit makes
     * @param complete whether those are all, as far as the committer knows
     */
    record Handed(Agreed agreed, SortedSet<Pass> passes, boolean complete) {
        public Handed {
            Objects.requireNonNull(agreed, "agreed");
            passes = Collections.unmodifiableSortedSet(new TreeSet<>(passes));
        }
    }

    /**
     * Somebody whom a commit adds.
     *
     * @param sequence of the join request
     * @param leaf the leaf index given
     */
    record Admitted(ConnectionId connection, long sequence, int leaf) {}

    /** What a commit means to this member, by {@link RoomMachine#reading}. */
    sealed interface Reading {
        /**
         * It is the one that this member sent, byte for byte.
         *
         * @param next the epoch that it begins
         */
        record Own(GroupView next) implements Reading {}

        /**
         * Another member's commit for the own group's next epoch, valid by MLS; the envelope bears the committer's
         * signature.
         *
         * @param added reference and leaf, in order
         * @param next the epoch that it begins; empty if this member is removed
         */
        record Staged(
                int committer, List<Map.Entry<Bytes, Integer>> added, List<Integer> removed, Optional<GroupView> next)
                implements Reading {
            public Staged {
                added = List.copyOf(added);
                removed = List.copyOf(removed);
            }
        }

        /** It admits this member; the Welcome is good and the envelope bears a member's signature. */
        record Welcomed(GroupView view) implements Reading {}

        /** It should concern this member but could not be used. */
        record Unusable(String detail) implements Reading {}

        /** It does not concern this member. */
        record Foreign() implements Reading {}
    }
}

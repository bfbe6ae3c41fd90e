package sotto.rooms.session;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import sotto.rooms.envelope.SignatureCheck;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.KeyPackageInfo;
import sotto.rooms.wire.GroupId;

/**
 * The MLS engine of one stay in a room, as the room protocol needs it. It has at most one <i>current</i> group in one
 * epoch. Nothing changes what is current but {@link #adopt}: founding, committing, staging and joining only make a
 * {@link Prospect}, which is adopted when the server's order says so and discarded otherwise.
 *
 * <p>The participant id, name and identity are fixed for the stay; each {@link #draft} has a fresh leaf signature key
 * and carries a binding of this identity to it. Called on the session's executor only.
 */
public interface GroupPort {

    /** A fresh KeyPackage of one's own, to ask for admission or to found a group with. */
    Draft draft() throws GroupException;

    /**
     * Verifies somebody's KeyPackage in full: encoding, suite, signatures, lifetime, credential, the identity's binding to
     * this room.
     *
     * @throws GroupException if anything is wrong with it
     */
    KeyPackageInfo inspect(byte[] keyPackage) throws GroupException;

    /**
     * The same, but that the KeyPackage's own signature may be left unverified, for a request that is signed with the
     * KeyPackage's key as a whole. Who waits to be let in adds nobody, and a crowd that verified everything of everybody
     * would keep itself waiting.
     *
     * @throws GroupException if anything else is wrong with it
     */
    KeyPackageInfo inspectRequest(byte[] keyPackage) throws GroupException;

    /** A new group with oneself as the only member, at epoch 0, leaf 0. */
    Prospect found(GroupId group, Draft draft) throws GroupException;

    /**
     * A commit in the current group that adds and removes, by value and with a path; at least one other member is left
     * in the new epoch. Adds and removes may both be empty.
     *
     * @param keyPackages verified before by {@link #inspect} or {@link #inspectRequest}; here all of them are in full
     * @param leaves leaf indices to remove
     */
    OwnCommit commit(List<byte[]> keyPackages, List<Integer> leaves) throws GroupException;

    /**
     * Processes somebody else's commit for the current epoch without adopting it. Everything that can be judged without
     * the room's log is verified: signatures, leaves, that the roster changed by exactly the commit's proposals.
     *
     * @throws GroupException if it is not a valid commit of a member for this epoch
     */
    Staged stage(byte[] commit) throws GroupException;

    /**
     * Reads the Welcome that answers a draft's KeyPackage and verifies the whole tree.
     *
     * @throws GroupException if it is not for this draft, or invalid
     */
    Prospect join(Draft draft, byte[] welcome) throws GroupException;

    /**
     * Makes a prospect current. What was current before ends: its group secrets are wiped. (Frame keys of the epoch
     * before live a little longer; that is not this port's business.) All other prospects are void.
     */
    void adopt(Prospect prospect);

    /** Drops a prospect and wipes its secrets; dropping one twice, or one that was adopted, does nothing. */
    void discard(Prospect prospect);

    /**
     * Ed25519 signature (64 bytes) with the own leaf's signature key in the current group.
     *
     * @throws IllegalStateException if there is no current group
     */
    byte[] sign(byte[] content);

    /**
     * Signature (64 bytes) with the own identity key: for what has to be proved to people who are in no group with this
     * one.
     *
     * @param content begins with a label of {@link sotto.rooms.Labels}
     */
    byte[] signAsIdentity(byte[] content);

    /** Whether the person with this identity key (33 bytes) signed the content. False for what is no key. */
    boolean signedByIdentity(Bytes identity, byte[] content, Bytes signature);

    /** Whether the owner of an Ed25519 key signed this. In a crowd most of the time goes into it. */
    default boolean signed(byte[] key, byte[] content, byte[] signature) {
        return SignatureCheck.JAVA.signed(key, content, signature);
    }

    /** An own KeyPackage with its private keys. Closed by the session when it has no more use for it. */
    interface Draft extends AutoCloseable {
        /** The KeyPackage (as RFC 9420 encodes it in an MLSMessage). */
        byte[] keyPackage();

        /** What others will see in it. */
        KeyPackageInfo info();

        /** Ed25519 signature (64 bytes) with the leaf signature key of this KeyPackage. */
        byte[] sign(byte[] content);

        /** Wipes the private keys unless a group that was adopted uses them. */
        @Override
        void close();
    }

    /** A group epoch that may become current. */
    interface Prospect {
        /** How it will look. */
        GroupView view();
    }

    /**
     * An own commit that waits for the server's word.
     *
     * @param commit MLSMessage
     * @param welcome MLSMessage for those added; empty if nobody was
     * @param next the epoch that it begins
     */
    record OwnCommit(byte[] commit, Optional<byte[]> welcome, Prospect next) {
        public OwnCommit {
            Objects.requireNonNull(commit, "commit");
            Objects.requireNonNull(welcome, "welcome");
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * Somebody else's commit, processed.
     *
     * @param committer leaf index of the member who made it, proved by the MLS signature
     * @param added KeyPackages added, in the commit's order
     * @param removed leaf indices removed
     * @param next the epoch that it begins; empty if oneself was removed
     */
    record Staged(int committer, List<Added> added, List<Integer> removed, Optional<Prospect> next) {
        public Staged {
            added = List.copyOf(added);
            removed = List.copyOf(removed);
            Objects.requireNonNull(next, "next");
        }
    }

    /**
     * A KeyPackage that a commit added.
     *
     * @param reference KeyPackageRef, 32 bytes
     * @param leaf the leaf index that it got
     */
    record Added(Bytes reference, int leaf) {
        public Added {
            Objects.requireNonNull(reference, "reference");
        }
    }

    /** MLS refused. The message tells why and holds no key byte. */
    final class GroupException extends Exception {
        private static final long serialVersionUID = 1L;

        public GroupException(String message) {
            super(message);
        }

        public GroupException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}

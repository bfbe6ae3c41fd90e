package sotto.keys.groups;

import java.util.List;
import java.util.Objects;

/**
 * What an authentic commit would change, computed but not in force. Compare it with what was asked for in the log, then
 * give it to {@link Group#adopt} or {@link Group#discard}; one of the two, once. {@code added} and {@code removed} are
 * the whole difference between the rosters: there is no other way for a commit to change who is in the group.
 */
public interface StagedCommit {
    /**
     * A member that the commit adds.
     *
     * @param reference of the KeyPackage, equal to {@link KeyPackageInfo#reference()} of the one that was asked for
     * @param member with the leaf that it gets
     */
    record Added(byte[] reference, Member member) {
        public Added {
            reference = reference.clone();
            Objects.requireNonNull(member);
        }

        @Override
        public byte[] reference() {
            return reference.clone();
        }
    }

    /** The epoch after the commit. */
    long epoch();

    /** Leaf index of who committed. */
    int committer();

    /** Whether this is the own pending commit, come back. */
    boolean own();

    /** Who is added, in the order of the commit. */
    List<Added> added();

    /** Leaf indexes of those removed, as of before the commit, in the order of the commit. */
    List<Integer> removed();

    /** Everybody after the commit, in the order of leaf indexes. */
    List<Member> rosterAfter();

    /** Whether the own leaf is removed. Then {@link Group#adopt} closes the group. */
    boolean removesMe();
}

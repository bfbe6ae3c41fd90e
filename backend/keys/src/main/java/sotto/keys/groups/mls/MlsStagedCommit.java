package sotto.keys.groups.mls;

import java.util.List;
import java.util.Optional;
import sotto.keys.groups.Member;
import sotto.keys.groups.StagedCommit;

/**
 * @param next the epoch that the commit leads to; empty if it removes us
 * @param own whether it is the own pending commit
 */
record MlsStagedCommit(CommitCheck.Change change, long epoch, Optional<EpochState> next, boolean own)
        implements StagedCommit {
    @Override
    public int committer() {
        return change.committer();
    }

    @Override
    public List<Added> added() {
        return change.added();
    }

    @Override
    public List<Integer> removed() {
        return change.removed();
    }

    @Override
    public List<Member> rosterAfter() {
        return change.after().values().stream().map(Seat::member).toList();
    }

    @Override
    public boolean removesMe() {
        return next.isEmpty();
    }

    /** The staged commit's identity matters, not its content: it is adopted once. */
    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return "commit of leaf " + committer() + " to epoch " + epoch;
    }
}

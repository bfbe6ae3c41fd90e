package sotto.rooms.machine;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sotto.rooms.group.Bytes;
import sotto.rooms.group.GroupView;
import sotto.rooms.group.Member;
import sotto.rooms.machine.LogState.Join;
import sotto.rooms.machine.RoomEvent.Admitted;
import sotto.rooms.machine.RoomEvent.Change;
import sotto.rooms.machine.RoomEvent.Committed;
import sotto.rooms.machine.RoomEvent.Reading;
import sotto.rooms.rules.Pass;

/**
 * Every member's check of every commit of others against the log: it adds only who asked, removes only who left or is
 * not there, and changes nothing else. MLS has found it valid before.
 */
final class Judge {
    private Judge() {}

    /** Why a commit is refused. */
    record Verdict(Alarm alarm, String detail) {}

    /** Empty if the commit is good. */
    static Optional<Verdict> check(Step step, Committed entry, Change.Commit commit, Reading.Staged staged) {
        Optional<Member> committer = step.view.member(staged.committer());
        if (committer.isEmpty() || staged.committer() == step.view.ownLeaf())
            return invalid("its committer is not another member");
        if (step.refused(committer.get().identity())) return invalid("its committer was refused before");
        if (commit.since() != step.since) return invalid("it tells a wrong age of the group");
        if (commit.seen() >= entry.sequence()) return invalid("it claims to have seen what came later");
        // Else whoever made it could claim not to have seen rules that stood in the log before that epoch.
        if (commit.seen() < step.at) return invalid("it claims not to have seen the commit that it follows");
        if (Door.knownAt(step, commit.seen()) && Door.removed(step, staged.committer()))
            return invalid("its committer was removed by a host");
        Optional<Verdict> adds = checkAdds(step, commit, staged);
        if (adds.isPresent()) return adds;
        for (int leaf : staged.removed()) {
            Optional<Verdict> verdict = checkRemove(step, commit, staged, leaf);
            if (verdict.isPresent()) return verdict;
        }
        return staged.next().flatMap(next -> checkRoster(step, entry, staged, next));
    }

    private static Optional<Verdict> checkAdds(Step step, Change.Commit commit, Reading.Staged staged) {
        List<Admitted> admitted = commit.admitted();
        List<Map.Entry<Bytes, Integer>> added = staged.added();
        if (admitted.size() != added.size() || added.size() > RoomMachine.ADDS_PER_COMMIT)
            return invalid("it names " + admitted.size() + " joins and adds " + added.size());
        for (int i = 0; i < added.size(); i++) {
            Admitted join = admitted.get(i);
            if (join.leaf() != added.get(i).getValue()) return invalid("it names a wrong leaf for a join");
            Optional<Member> member = staged.next().flatMap(next -> next.member(join.leaf()));
            if (!asked(step, join, added.get(i).getKey(), member))
                return Optional.of(new Verdict(Alarm.GHOST_ADDED, "a commit adds somebody who did not ask to join"));
            if (member.isPresent() && step.banned.contains(member.get().identity()))
                return invalid("it adds somebody who was refused before");
            if (member.isPresent() && unadmitted(step, commit, join, member.get()))
                return Optional.of(new Verdict(
                        Alarm.UNADMITTED,
                        "a commit adds " + member.get().name() + ", whom no host admitted or whom one removed"));
            if (member.isPresent() && takesOver(step, member.get()))
                return invalid("it adds somebody in the place of another");
        }
        return Optional.empty();
    }

    /** Whether the participant id belongs to another identity: its pictures and name would pass for that one's. */
    private static boolean takesOver(Step step, Member added) {
        return step.view
                .member(added.participant())
                .filter(other -> !other.identity().equals(added.identity()))
                .isPresent();
    }

    /**
     * Whether the rules forbid to add this one, and whoever made the commit knew that: by the log, or since it hands these
     * rules on itself. One commit may have been under way when the rules were posted; it is let through.
     */
    private static boolean unadmitted(Step step, Change.Commit commit, Admitted join, Member added) {
        boolean knew = Door.knownAt(step, commit.seen())
                || commit.handed()
                        .filter(handed -> handed.agreed().rules().equals(step.agreed.rules()))
                        .isPresent();
        boolean before = join.sequence() <= step.entered && trusting(step); // a host may have admitted it before
        // Without all passes only removal is sure; for a while the others judge the rest.
        boolean bars = step.passesComplete || !trusting(step)
                ? Door.bars(step, Pass.of(added))
                : step.agreed.rules().removed(added.identity());
        return knew && !before && bars;
    }

    /** Whether this member saw the request; or could not have seen it, because it was not there yet. */
    private static boolean asked(Step step, Admitted admitted, Bytes reference, Optional<Member> member) {
        Join join = step.joins.get(admitted.connection());
        if (join != null && join.references().contains(reference)) return true;
        // Who asks faster than commits land must not make honest members accuse each other: of so many requests, one
        // that is not remembered any more was granted.
        boolean flooded = join != null && join.references().size() >= RoomMachine.REFERENCES;
        if (flooded
                && member.filter(one -> one.identity().equals(join.info().identity()))
                        .isPresent()) return true;
        return admitted.sequence() <= step.entered && trusting(step);
    }

    /** Whether this member came so lately that it takes others' word for what it was not there to see. */
    private static boolean trusting(Step step) {
        return step.view.epoch() - step.entryEpoch <= RoomMachine.TRUST_EPOCHS;
    }

    private static Optional<Verdict> checkRemove(Step step, Change.Commit commit, Reading.Staged staged, int leaf) {
        Optional<Member> member = step.view.member(leaf);
        if (member.isEmpty()) return invalid("it removes a leaf that is not there");
        GroupState.Seat seat = step.seats.get(leaf);
        boolean absent = seat == null || step.going.contains(leaf);
        boolean absentThen = seat != null && seat.since() > commit.seen();
        // A seat from before a gap that its member did not confirm since: it may have left in the gap. All who are
        // there confirm theirs to whoever comes back, so this opens nothing.
        boolean leftUnseen = seat != null && seat.since() <= step.entered;
        boolean replaced = staged.next()
                        .flatMap(next -> next.member(member.get().participant()))
                        .filter(now -> now.identity().equals(member.get().identity()))
                        .isPresent()
                || commit.admitted().stream()
                        .map(admitted -> step.joins.get(admitted.connection()))
                        .anyMatch(join -> join != null
                                && join.info().participant().equals(member.get().participant()));
        boolean byHost = Door.removed(step, leaf) || Door.spared(step, member.get(), commit.seen());
        if (byHost || absent || absentThen || leftUnseen || replaced) return Optional.empty();
        return Optional.of(new Verdict(
                Alarm.WRONGLY_REMOVED, "a commit removes " + member.get().name() + ", who is here and did not leave"));
    }

    /** The roster after is the one before, less those removed, with those added. */
    private static Optional<Verdict> checkRoster(Step step, Committed entry, Reading.Staged staged, GroupView next) {
        if (!next.group().equals(step.view.group()) || next.epoch() != entry.epoch())
            return invalid("it leads to another group or epoch");
        if (next.ownLeaf() != step.view.ownLeaf()) return invalid("it moves this member");
        Map<Integer, Member> expected = new HashMap<>();
        for (Member member : step.view.members()) expected.put(member.leaf(), member);
        staged.removed().forEach(expected::remove);
        Set<Integer> added = new HashSet<>();
        for (var add : staged.added()) added.add(add.getValue());
        for (Member member : next.members()) {
            if (added.remove(member.leaf())) {
                if (expected.remove(member.leaf()) != null) return invalid("it adds somebody in another's place");
            } else if (!member.equals(expected.remove(member.leaf()))) {
                return invalid("it changes a member");
            }
        }
        return expected.isEmpty() && added.isEmpty() ? Optional.empty() : invalid("it changes more than it says");
    }

    private static Optional<Verdict> invalid(String detail) {
        return Optional.of(new Verdict(Alarm.COMMIT_INVALID, "a commit is invalid: " + detail));
    }
}

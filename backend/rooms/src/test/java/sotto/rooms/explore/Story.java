package sotto.rooms.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sotto.rooms.explore.Frame.Content;
import sotto.rooms.explore.Frame.Down;
import sotto.rooms.explore.Frame.Sealed;
import sotto.rooms.explore.Frame.Up;
import sotto.rooms.explore.Symbols.Commit;
import sotto.rooms.explore.Symbols.Epoch;
import sotto.rooms.group.Member;
import sotto.rooms.machine.RoomEffect;
import sotto.rooms.rules.Agreed;
import sotto.rooms.wire.ConnectionId;

/** Tells a run: who did what, in order. */
final class Story {
    private Story() {}

    /** What each action does, a line each, from the start of a room. */
    static String tell(Universe universe, World start, List<Action> actions, boolean calm) {
        List<String> lines = new ArrayList<>();
        World world = start;
        for (Action action : actions) {
            String what = describe(universe, world, action);
            World next = calm ? universe.freely(world, action) : universe.after(world, action);
            if (next == null) continue;
            world = next;
            lines.add(String.format("%4d. %s%s", lines.size() + 1, what, outcome(universe)));
        }
        return String.join("\n", lines);
    }

    private static String describe(Universe universe, World world, Action action) {
        String name = Symbols.name(action.who());
        return switch (action.kind()) {
            case ENTER -> name + " opens the link.";
            case READ ->
                world.down(action.who()) == 0
                        ? name + " reads nothing."
                        : name + " reads " + frame(universe.nextDown(world, action.who())) + ".";
            case TAKE, LATE ->
                "The server takes " + name + "'s "
                        + universe.nextUp(world, action).map(Story::frame).orElse("nothing")
                        + (action.kind() == Action.Kind.LATE ? " from a connection given up" : "") + ".";
            case NOTICE -> "The server notices that a connection of " + name + " is over.";
            case FIRE -> name + "'s timer " + sotto.rooms.machine.RoomTimer.values()[action.argument()] + " runs out.";
            case LEAVE -> name + " LEAVES.";
            case REKEY -> name + " wants a new epoch.";
            case CRASH -> name + " CRASHES.";
            case DROP -> name + "'s connection BREAKS, and only " + name + " notices.";
            case CUT -> name + "'s connection BREAKS, and only the server notices.";
            case RESTART -> "The server is RESTARTED.";
            case HANG -> name + " STOPS, connected.";
            case WAKE -> name + " goes on.";
            case GHOST -> name + " BREAKS THE RULES: a commit that adds a ghost.";
            case SMUGGLE ->
                name + " BREAKS THE RULES: a commit that adds " + Symbols.name(action.argument()) + ", who waits.";
            case LOCK -> name + " locks the room.";
            case UNLOCK -> name + " opens the room.";
            case ADMIT -> name + " lets " + Symbols.name(action.argument()) + " in.";
            case REFUSE -> name + " does not let " + Symbols.name(action.argument()) + " in.";
            case REMOVE -> name + " removes " + Symbols.name(action.argument()) + ".";
            case PARDON -> name + " takes the removal of " + Symbols.name(action.argument()) + " back.";
            case NAME -> name + " names " + Symbols.name(action.argument()) + " a host, or no longer.";
            case PATH -> name + " switches the path to " + sotto.rooms.RoomPath.values()[action.argument()] + ".";
            case RETURN -> name + " opens the link again.";
            case EVICT -> name + " BREAKS THE RULES: a commit that removes leaf " + action.argument() + ".";
        };
    }

    private static String outcome(Universe universe) {
        StringBuilder text = new StringBuilder();
        Client.Reaction did = universe.reaction;
        if (did != null) {
            for (Epoch epoch : did.adopted()) text.append(" → is in ").append(epoch(epoch));
            for (RoomEffect noted : did.noted()) text.append(" → ").append(noted);
            if (!did.sends().isEmpty())
                text.append(" → sends ")
                        .append(did.sends().stream().map(Story::frame).collect(Collectors.joining(", ")));
            if (did.closes()) text.append(" → closes its connection");
            text.append(did.after()
                    .machine()
                    .group()
                    .map(group -> " [" + group.standing()
                            + (group.going().isEmpty() ? "" : " going " + group.going())
                            + (group.wanted() ? " wanted" : "") + "]")
                    .orElse(""));
        }
        for (Violation violation : universe.violations)
            text.append("\n      !!! ").append(violation);
        return text.toString();
    }

    private static String epoch(Epoch epoch) {
        return "epoch " + epoch.epoch() + " of " + Universe.told(epoch.group()) + " with "
                + epoch.members().stream().map(Story::member).collect(Collectors.joining(", "));
    }

    private static String member(Member member) {
        return member.leaf() + ":" + member.name();
    }

    private static String who(ConnectionId id) {
        int who = Symbols.who(id);
        return Symbols.name(who) + (id.low() > 1 ? " (connection " + id.low() + ")" : "");
    }

    private static String frame(Up up) {
        return switch (up) {
            case Up.Hello hello -> "hello";
            case Up.Post post -> content(post.payload());
            case Up.CommitTo commit -> content(commit.payload());
            case Up.Send send -> content(send.payload()) + " for " + who(send.to());
        };
    }

    private static String frame(Down down) {
        return switch (down) {
            case Down.Entered in ->
                "that it is in log " + in.log().low() + " at " + in.sequence() + " with "
                        + in.present().stream().map(Story::who).toList();
            case Down.Arrived arrived -> "entry " + arrived.sequence() + ": " + who(arrived.from()) + " arrived";
            case Down.Gone gone -> "entry " + gone.sequence() + ": " + who(gone.from()) + " is gone";
            case Down.Posted posted ->
                "entry " + posted.sequence() + ": " + who(posted.from()) + "'s " + content(posted.payload());
            case Down.Committed entry ->
                "entry " + entry.sequence() + ": " + who(entry.from()) + "'s " + content(entry.payload());
            case Down.Sent sent -> who(sent.from()) + "'s " + content(sent.payload()) + " for it alone";
            case Down.Lost lost -> "that its commit for epoch " + lost.epoch() + " was not the first";
            case Down.Closed closed -> "that the connection is over";
        };
    }

    private static String content(Sealed sealed) {
        return switch (sealed.content()) {
            case Content.Join join -> "request to join";
            case Content.Attach at ->
                "attach as leaf " + at.leaf() + " in epoch " + at.epoch() + " of " + Universe.told(at.group());
            case Content.Leave leave -> "leave";
            case Content.Rekey rekey -> "wish for a new epoch";
            case Content.State state -> "state";
            case Content.Told told -> "word on path and rules: " + agreed(told.agreed());
            case Content.Admit admit -> (admit.allow() ? "admission of " : "refusal of ") + admit.pass();
            case Content.Wait wait -> "word to wait for a host";
            case Content.Found found -> "new group";
            case Content.Change change -> "commit for " + commit(change.commit());
        };
    }

    private static String agreed(Agreed agreed) {
        var rules = agreed.rules();
        return agreed.path() + " " + agreed.number() + ", "
                + (rules.maker().isEmpty()
                        ? "no rules"
                        : "rules " + rules.maker().get().term()
                                + rules.host().map(host -> "." + host.number()).orElse("")
                                + (rules.locked() ? " locked" : " open") + " without "
                                + rules.settings().removed().size());
    }

    private static String commit(Commit commit) {
        Optional<String> added = commit.added().isEmpty()
                ? Optional.empty()
                : Optional.of(" adding "
                        + commit.added().stream()
                                .map(add -> add.getValue().toString())
                                .collect(Collectors.joining(", ")));
        Optional<String> removed =
                commit.removed().isEmpty() ? Optional.empty() : Optional.of(" removing " + commit.removed());
        return epoch(commit.next()) + added.orElse("") + removed.orElse("");
    }
}

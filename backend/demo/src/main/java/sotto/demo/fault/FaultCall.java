package sotto.demo.fault;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import sotto.demo.Browser;
import sotto.demo.Leaver;
import sotto.demo.Person;
import sotto.demo.Report;

/**
 * A running call to which a fault happens, and what is measured of it. The fault says when it begins and ends; what it
 * touches; and who must be in one group when. Used by one thread.
 */
public final class FaultCall implements AutoCloseable {
    /** Everybody is back in one group within this time after a fault's end, in ms. */
    static final double TOGETHER_WITHIN = 3_000;

    /** What those who stay may wait for a picture beyond what they waited before the fault, in ms. */
    static final double HICCUP = 500;

    /** How long the call is looked at before the fault, in s. */
    private static final double NORMALLY = 6;

    /** When waiting for what has no bound of its own is given up, in ms. */
    private static final double AT_LAST = 30_000;

    /** Of each key journal, as much is told when something did not hold. */
    private static final int JOURNAL_LINES = 120;

    private final Stage stage;
    private final Setting setting;
    private final Consumer<String> progress;
    private final Pictures pictures = new Pictures();
    private final Set<Person> out = new HashSet<>();
    private final Set<Person> unreachable = new HashSet<>();
    private final List<FaultReport.Together> together = new ArrayList<>();
    private final List<FaultReport.Back> back = new ArrayList<>();
    private final List<Report.Outsider> gone = new ArrayList<>();
    private final List<String> alarms = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private String link;
    private double normalSince;
    private double beganAt;
    private double endedAt;

    private FaultCall(Stage stage, Setting setting, Consumer<String> progress) {
        this.stage = stage;
        this.setting = setting;
        this.progress = progress;
    }

    /** Starts everything and returns when all see all and what is normal has been measured. */
    static FaultCall open(Setting setting, Consumer<String> progress) throws IOException {
        FaultCall call = new FaultCall(Stage.set(setting), setting, progress);
        try {
            call.gather();
            return call;
        } catch (IOException | RuntimeException e) {
            call.tellStories();
            call.close();
            throw e;
        }
    }

    private void gather() throws IOException {
        for (Person person : people()) person.openLobby();
        link = person(0).newRoom(setting.path());
        List<Person> inCall = people().subList(0, setting.inCall());
        for (Person person : inCall.subList(1, inCall.size())) {
            person.join(link);
            person.see("call");
        }
        await("pictures between all", () -> allSee(inCall, 0));
        pass(3);
        normalSince = now();
        pass(NORMALLY);
        say("A call of " + inCall.size() + ": " + names(inCall) + ". Everybody sees everybody.");
    }

    // ---- for faults ------------------------------------------------------------------------------------------------

    Person person(int index) {
        return people().get(index);
    }

    List<Person> people() {
        return stage.people();
    }

    Stage stage() {
        return stage;
    }

    void say(String what) {
        progress.accept(what);
    }

    /** Everybody of the setting but these. */
    List<Person> without(Person... some) {
        List<Person> rest = new ArrayList<>(people());
        rest.removeAll(List.of(some));
        return rest;
    }

    /** All that this person could decrypt with now. */
    KeptKeys keysOf(Person person) {
        return new KeptKeys(person, Leaver.stolen(person), now());
    }

    /** The fault begins. Between those whom it does not touch pictures must go on from now. */
    void begin(Person... touched) {
        out.addAll(List.of(touched));
        beganAt = now();
    }

    /** This person's page cannot be asked until {@link #reachable}. */
    void unreachable(Person person) {
        unreachable.add(person);
    }

    void reachable(Person person) {
        unreachable.remove(person);
    }

    /** The fault is over; what is to be well again must be so soon. */
    void end() {
        endedAt = now();
    }

    void join(Person person) {
        person.join(link);
    }

    /** Lets the call go on for so many seconds. */
    void pass(double seconds) {
        double until = now() + seconds * 1000;
        do {
            take();
            Browser.pump(tap().page, Math.max(1, Math.min(300, until - now())));
        } while (now() < until);
        take();
    }

    /** Everybody in the list is in one group of just these, three seconds after the fault's end at the latest. */
    void togetherAgain(List<Person> all) {
        together("in one group again after the end", all, endedAt, TOGETHER_WITHIN);
    }

    /**
     * Waits until all in the list are in one group of just these: equal epoch, roster and safety number, and on the
     * server.
     *
     * @param since from when the time is measured
     * @param most the longest that it may take in ms; null where nothing is promised
     */
    void together(String when, List<Person> all, double since, Double most) {
        together(when, all, List.of(), since, most);
    }

    /** The same, where some others, who cannot be asked, may be in the group or out of it. */
    void together(String when, List<Person> all, List<Person> others, double since, Double most) {
        List<Double> found = new ArrayList<>();
        await(names(all) + " in one group", () -> {
            OneGroup.since(all, others).ifPresent(found::add);
            return !found.isEmpty();
        });
        double took = Math.max(0, found.getFirst() - since);
        together.add(new FaultReport.Together(when, Math.round(took), most));
        say(names(all) + ": one group, with equal safety numbers, after " + ms(took) + ".");
        if (most != null && took > most) errors.add(when + ": that took " + ms(took) + ", more than " + ms(most));
    }

    /** Waits until pictures go both ways between this person and those who stayed. */
    void picturesBack(Person person) {
        List<Person> others = staying();
        await(
                "pictures between " + person.name + " and the others",
                () -> others.stream().allMatch(other -> allSee(List.of(person, other), endedAt)));
        for (Person other : others) {
            noteBack(person, other);
            noteBack(other, person);
        }
        double last = back.stream().mapToDouble(FaultReport.Back::ms).max().orElse(0);
        say("Pictures between " + person.name + " and those who stayed, both ways, after " + ms(last) + ".");
    }

    private void noteBack(Person from, Person to) {
        noteBack(from, to, pictures.firstAfter(from, to, endedAt).orElseThrow() - endedAt);
    }

    /** Pictures came again after so many ms. */
    void noteBack(Person from, Person to, double took) {
        back.add(new FaultReport.Back(from.name, to.name, Math.round(took)));
    }

    /** Something that is promised did not hold. */
    void error(String what) {
        errors.add(what);
    }

    /** What was painted so far. */
    Pictures pictures() {
        take();
        return pictures;
    }

    double beganAt() {
        return beganAt;
    }

    double endedAt() {
        return endedAt;
    }

    /** From when until the fault everything was as always. */
    double normalSince() {
        return normalSince;
    }

    /**
     * Tries what somebody who is out of the group kept on what travelled meanwhile.
     *
     * @param since when the others had new keys
     */
    void cannotFollow(KeptKeys kept, double since) {
        Report.Outsider tried = kept.attempt(tap(), since, now());
        gone.add(tried);
        if (tried.framesSeen() == 0)
            errors.add("no frame travelled while " + kept.person().name + " was out: nothing is proved");
        else if (tried.controlFrames() == 0)
            errors.add("the keys of " + kept.person().name + " opened nothing even before: nothing is proved");
        else if (tried.contentFound()) errors.add(kept.person().name + " could follow while out of the group");
        else
            say(tried.framesSeen() + " frames travelled meanwhile; the keys that " + kept.person().name
                    + " kept opened none of them (of earlier ones " + tried.controlFrames() + ").");
    }

    /** On the clock of all that is measured here: ms since 1970. */
    double now() {
        return ((Number) tap().page.evaluate("() => performance.timeOrigin + performance.now()")).doubleValue();
    }

    // ---- measuring -------------------------------------------------------------------------------------------------

    interface Condition {
        boolean holds();
    }

    void await(String what, Condition condition) {
        double until = now() + AT_LAST;
        while (!condition.holds()) {
            if (now() > until) throw new IllegalStateException("waited in vain for " + what);
            Browser.pump(tap().page, 50);
        }
    }

    boolean allSee(List<Person> all, double since) {
        take();
        for (Person from : all)
            for (Person to : all)
                if (from != to && pictures.firstAfter(from, to, since).isEmpty()) return false;
        return true;
    }

    private void take() {
        for (Person person : people()) if (!unreachable.contains(person)) pictures.take(person);
    }

    private Person tap() {
        return person(setting.tap());
    }

    private List<Person> staying() {
        List<Person> all = new ArrayList<>(people().subList(0, setting.inCall()));
        all.removeAll(out);
        return all;
    }

    /** Looks a little longer, then judges all that was measured. */
    FaultReport report(String fault) {
        pass(3);
        double until = now() - 500;
        double normal = pictures.largestGap(staying(), normalSince, beganAt);
        List<FaultReport.Gap> gaps = new ArrayList<>();
        for (Person from : staying())
            for (Person to : staying())
                if (from != to)
                    gaps.add(new FaultReport.Gap(
                            from.name,
                            to.name,
                            Math.round(pictures.largestGap(from, to, normalSince, beganAt)),
                            Math.round(pictures.largestGap(from, to, beganAt, until))));
        double allowed = normal + HICCUP;
        for (FaultReport.Gap gap : gaps)
            if (gap.duringMs() > allowed)
                errors.add("%s saw no new picture of %s for %s; %s is the most that is allowed"
                        .formatted(gap.to(), gap.from(), ms(gap.duringMs()), ms(allowed)));
        long wrong = pictures.wrong(people());
        if (wrong > 0) errors.add(wrong + " pictures were shown under a wrong name");
        for (Person person : people()) {
            errors.addAll(person.pageErrors);
            if (!unreachable.contains(person) && person.at("alarm").count() > 0)
                alarms.add(person.name + " was shown an alarm: "
                        + person.at("alarm").innerText().replaceAll("\\s+", " "));
        }
        errors.addAll(alarms);
        double longest =
                gaps.stream().mapToDouble(FaultReport.Gap::duringMs).max().orElse(0);
        if (!gaps.isEmpty())
            say("Longest wait for a picture between those who stayed: " + ms(longest) + " (before the fault: "
                    + ms(normal) + "). " + pictures.count() + " pictures, " + wrong + " under a wrong name.");
        return new FaultReport(
                fault,
                setting.path(),
                errors.isEmpty(),
                setting.people(),
                (double) Math.round(normal),
                (double) Math.round(allowed),
                gaps,
                together,
                back,
                pictures.count(),
                wrong,
                gone,
                alarms,
                null,
                errors);
    }

    /** What everybody saw, for whoever looks for the cause of a failure. */
    void tellStories() {
        for (Person person : people())
            if (unreachable.contains(person)) say(person.name + " cannot be asked.");
            else say(person.story());
        say(stage.log());
        for (Person person : people()) tellKeys(person);
        say("On the clock of the journals the fault began at " + Instant.ofEpochMilli((long) beganAt) + " and ended at "
                + Instant.ofEpochMilli((long) endedAt));
    }

    /** When which keys came and went tells when this person's backend took which step. */
    private void tellKeys(Person person) {
        if (!person.app.handle().isAlive()) return;
        try {
            List<String> journal = person.app.journal();
            say(person.name + ":\n"
                    + String.join("\n", journal.subList(Math.max(0, journal.size() - JOURNAL_LINES), journal.size())));
        } catch (IOException gone) {
            say(person.name + "'s journal cannot be read: " + gone.getMessage());
        }
    }

    static String names(List<Person> some) {
        return some.stream().map(person -> person.name).collect(Collectors.joining(", "));
    }

    static String ms(double ms) {
        return ms < 10_000 ? Math.round(ms) + " ms" : String.format(Locale.ROOT, "%.1f s", ms / 1000);
    }

    @Override
    public void close() {
        stage.close();
    }
}

package sotto.demo.fault;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sotto.demo.Person;

/** What is measured of a fault in a relayed call, which touches everybody's pictures at once. */
final class RelayedCall {
    /** People whose relay node has gone see each other again over another one within this time, in ms. */
    static final double OTHER_NODE_WITHIN = 3_000;

    private static final String STATE = """
            async () => {
              const { paths, peers } = await window.sotto.stats();
              return {
                rebuilds: Math.max(0, ...peers.map((peer) => peer.rebuilds)),
                open: paths.every(({ state }) => state === "open"),
                alone: paths.every(({ path }) => path === "relay"),
              };
            }
            """;

    private final FaultCall call;
    private final List<Person> people;
    private final Map<Person, Long> seats = new HashMap<>();
    private double seatedAt;

    /** From now on, everybody is touched. */
    private RelayedCall(FaultCall call) {
        this.call = call;
        this.people = call.people();
        for (Person person : people)
            seats.put(person, state(person).get("rebuilds").asLong());
    }

    /** The fault begins. */
    static RelayedCall begin(FaultCall call) {
        RelayedCall relayed = new RelayedCall(call);
        call.begin(relayed.people.toArray(Person[]::new));
        return relayed;
    }

    /** Waits until everybody has taken another seat at a relay than at the fault's beginning. */
    void otherSeats() {
        call.await(
                "another seat at a relay for everybody",
                () -> people.stream().allMatch(person -> {
                    JsonNode state = state(person);
                    return state.get("open").asBoolean()
                            && state.get("rebuilds").asLong() > seats.get(person);
                }));
        seatedAt = call.now();
    }

    /**
     * Waits until everybody sees everybody over the relay, and over nothing else, and notes how long that took from the
     * fault's end on.
     *
     * @param most the longest that it may take in ms; null where nothing is promised
     */
    void picturesAgain(String when, Double most) {
        double ended = call.endedAt();
        double since = Math.max(ended, seatedAt);
        call.await("pictures between all over the relay", () -> call.allSee(people, since));
        call.pass(3);
        double until = call.now();
        double last = 0;
        for (Person from : people)
            for (Person to : people)
                if (from != to) {
                    double took = call.pictures().endOfLargestGap(from, to, ended, until) - ended;
                    call.noteBack(from, to, took);
                    last = Math.max(last, took);
                }
        call.say("Pictures between all " + when + ": after " + FaultCall.ms(last) + ".");
        if (most != null && last > most)
            call.error("pictures " + when + ": that took " + FaultCall.ms(last) + ", more than " + FaultCall.ms(most));
        for (Person person : people)
            if (!state(person).get("alone").asBoolean()) call.error(person.name + " went another way unasked");
    }

    /** Everybody went on seeing everybody from then until now. */
    void wentOn(String when, double since) {
        Pictures pictures = call.pictures();
        double until = call.now() - 500;
        double normal = pictures.largestGap(people, call.normalSince(), call.beganAt());
        double longest = pictures.largestGap(people, since, until);
        call.say("Longest wait for a picture " + when + ": " + FaultCall.ms(longest) + " (before: "
                + FaultCall.ms(normal) + ").");
        if (longest > normal + FaultCall.HICCUP)
            call.error(when + " somebody saw no new picture for " + FaultCall.ms(longest));
    }

    private static JsonNode state(Person person) {
        return person.evaluate(STATE);
    }
}

package sotto.demo.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sotto bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = {
            "Measures frame encryption (worker), joining (join), key changes (rekey), starting (start),",
            "a committer that fails (failover), many who join at once (crowd), a room in which people come and go"
                    + " without rest (churn), MLS commits against OpenMLS (commit, needs Rust's cargo), and of relayed calls joining"
                    + " (relay), changing the path (switch) and CPU against LiveKit's own encryption (cpu).",
            "",
            "What is compared runs side by side, alternating, in one run: on a busy machine trust the ratios before the"
                    + " milliseconds. Goals are judged in the output; the exit code only says whether it could be measured."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description =
                    "worker, join, rekey, start, failover, crowd, churn, commit, relay, switch, cpu; if none is named, all but the"
                            + " last five.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds of each; each has its own number if not given.")
    private Optional<Integer> rounds = Optional.empty();

    @Option(names = "--json", description = "Print all figures as JSON instead of lines.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        List<Benchmark> all = List.of(
                new WorkerBench(),
                new JoinBench(false),
                new RekeyBench(),
                new StartBench(),
                new FailoverBench(),
                new CrowdBench(),
                new ChurnBench(),
                new CommitBench(),
                new JoinBench(true),
                new SwitchBench(),
                new CpuBench());
        String known = all.stream().map(Benchmark::name).collect(Collectors.joining(", "));
        for (String name : names)
            if (all.stream().noneMatch(one -> one.name().equals(name)))
                throw new ParameterException(
                        spec.commandLine(), "there is no benchmark '" + name + "'; there are " + known);
        if (rounds.filter(n -> n < 1 || n > 1000).isPresent())
            throw new ParameterException(spec.commandLine(), "--rounds must be 1 to 1000");

        ObjectNode document = JSON.createObjectNode();
        for (Benchmark one : all) {
            if (names.isEmpty() ? one.onlyIfNamed() : !names.contains(one.name())) continue;
            System.err.println("Benchmark " + one.name() + ": " + one.explanation());
            Result result = one.run(rounds.orElse(one.defaultRounds()), line -> System.err.println("  " + line));
            if (json) document.set(one.name(), asJson(one, result));
            else print(one, result);
        }
        if (json) System.out.println(JSON.writeValueAsString(document));
        return 0;
    }

    private static ObjectNode asJson(Benchmark one, Result result) {
        ObjectNode node = JSON.createObjectNode();
        node.put("explanation", one.explanation());
        node.set("figures", result.figures());
        node.set("goals", JSON.valueToTree(result.goals()));
        return node;
    }

    private static void print(Benchmark one, Result result) {
        System.out.println(one.name());
        result.lines().forEach(line -> System.out.println("  " + line));
        for (Result.Goal goal : result.goals())
            System.out.println("  goal " + (goal.met() ? "met:    " : "missed: ") + goal.what() + " (measured "
                    + goal.measured() + ")");
        System.out.println();
    }
}

package sotto.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sotto.demo.fault.Fault;
import sotto.demo.fault.FaultRun;
import sotto.demo.fault.Faults;
import sotto.demo.fault.FaultsReport;

/** {@code ./sotto demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a real encrypted call between headless participants and prints what each saw and what the server saw.",
            "",
            "Each participant is a process of its own with its own profile, and a page in a real headless Chromium. Its"
                    + " camera is synthetic: a moving picture that carries sender and time as a bar code; its microphone is"
                    + " a tone. The last participant joins late and one leaves early, so that keys change during the call.",
            "",
            "Exit code 0 only if every picture and tone arrived decrypted at everyone who should have it, and at nobody"
                    + " else: a tap on the wire, a person who left and kept every key, and the server are tried."
        })
final class DemoCommand implements Callable<Integer> {
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Spec
    private CommandSpec spec;

    @Option(names = "--people", defaultValue = "3", description = "Participants, 2 to 6 (default: ${DEFAULT-VALUE}).")
    private int people;

    @Option(
            names = "--seconds",
            defaultValue = "15",
            description = "How long the call lasts once two are in it, 5 to 3600 (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--path",
            defaultValue = "direct",
            description = "How media travels: direct or relay (LiveKit, started for the demo).")
    private String path;

    @Option(names = "--keys", defaultValue = "mls", description = "How keys are agreed on: mls.")
    private String keys;

    @Option(names = "--report", paramLabel = "FILE", description = "Write all figures as JSON to this file.")
    private Path report;

    @Option(
            names = "--screenshot",
            paramLabel = "DIR",
            description =
                    "Put a picture of each participant's page into this folder, taken in mid-call; the cameras show"
                            + " drawn people then. The picture in the README comes from here.")
    private Path screenshots;

    @Option(
            names = "--fault",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Lets something go wrong in calls of its own instead, and judges what comes of it; --list-faults names"
                            + " them. May be repeated; all stands for all of them, with --path relay those of relays."
                            + " Exit code 0 only if those whom it does not touch see each other without a stop,"
                            + " everybody is in one group 3 s after its end, no picture stands under a wrong name, and"
                            + " who is out decrypts nothing.")
    private List<String> faults = List.of();

    @Option(names = "--list-faults", description = "Print the faults with a sentence on each, and end.")
    private boolean listFaults;

    @Option(names = "--json", description = "Print the figures as JSON instead of tables.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (listFaults) {
            System.out.print(Faults.list());
            return 0;
        }
        check(people >= 2 && people <= 6, "--people must be 2 to 6");
        check(seconds >= 5 && seconds <= 3600, "--seconds must be 5 to 3600");
        check(
                path.equals("direct") || path.equals("relay"),
                "--path " + path + " is not offered; direct and relay are");
        check(keys.equals("mls"), "--keys " + keys + " is not offered; mls is");
        if (!faults.isEmpty()) return letGoWrong();
        if (screenshots != null) Files.createDirectories(screenshots);
        Report result = new DemoRun(
                        people,
                        seconds,
                        DemoRun.MediaPath.valueOf(path.toUpperCase(Locale.ROOT)),
                        Optional.ofNullable(screenshots),
                        line -> System.err.println(line))
                .run();
        if (report != null) JSON.writeValue(report.toFile(), result);
        System.out.println(json ? JSON.writeValueAsString(result) : Tables.of(result));
        return result.ok() ? 0 : 1;
    }

    private int letGoWrong() throws IOException {
        List<Fault> chosen = new ArrayList<>();
        for (String name : faults) {
            if (name.equals("all"))
                chosen.addAll(Faults.ALL.stream().filter(this::fits).toList());
            else {
                Optional<Fault> fault = Faults.named(name);
                check(fault.isPresent(), "there is no fault " + name + "; --list-faults names those that there are");
                check(fits(fault.get()), name + " happens in a direct call, not in a relayed one");
                chosen.add(fault.get());
            }
        }
        FaultsReport result = FaultRun.run(chosen, line -> System.err.println(line));
        if (report != null) JSON.writeValue(report.toFile(), result);
        System.out.println(json ? JSON.writeValueAsString(result) : result.text());
        return result.ok() ? 0 : 1;
    }

    /** Each fault has its path; {@code --path relay} leaves those of relays. */
    private boolean fits(Fault fault) {
        return path.equals("direct") || fault.setting().path().equals(path);
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) throw new ParameterException(spec.commandLine(), otherwise);
    }
}

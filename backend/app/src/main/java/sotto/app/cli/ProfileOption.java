package sotto.app.cli;

import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Option;

/** {@code --profile}, the same in every command. */
final class ProfileOption {
    @Option(
            names = "--profile",
            paramLabel = "FOLDER",
            description = "Where the identity and the settings live; made if it does not exist."
                    + " Two running apps cannot share one. Default: ${DEFAULT-VALUE}",
            defaultValue = "${sys:sotto.default.profile}")
    private Path folder;

    static {
        System.setProperty("sotto.default.profile", byDefault().toString());
    }

    Path folder() {
        return folder;
    }

    /** The system's own place for what a user must not lose. */
    private static Path byDefault() {
        Path home = Path.of(System.getProperty("user.home"));
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) return data("APPDATA", home.resolve("AppData/Roaming"), "Sotto");
        if (os.startsWith("mac")) return home.resolve("Library/Application Support/Sotto/default");
        return data("XDG_DATA_HOME", home.resolve(".local/share"), "sotto");
    }

    private static Path data(String variable, Path otherwise, String name) {
        String value = System.getenv(variable);
        Path data = value == null || value.isBlank() || !Path.of(value).isAbsolute() ? otherwise : Path.of(value);
        return data.resolve(name).resolve("default");
    }
}

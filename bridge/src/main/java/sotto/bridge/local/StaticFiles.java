package sotto.bridge.local;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The page's files on the class path. A name that is not plain, or of an unknown type, is not there. */
final class StaticFiles {
    /** Plain names without a leading dot, so no way up and no folder; the last one has a type. */
    private static final Pattern PATH = Pattern.compile("(?:[A-Za-z0-9_-]+/)*[A-Za-z0-9_-]+(?:\\.[A-Za-z0-9_-]+)+");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "webp", "image/webp",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "wav", "audio/wav");

    record StaticFile(String contentType, byte[] content) {}

    private final String folder;

    StaticFiles(String folder) {
        this.folder = folder;
    }

    /** @param path without the leading slash; empty for the page itself */
    Optional<StaticFile> find(String path) throws IOException {
        String name = path.isEmpty() ? "index.html" : path;
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(name).matches()) return Optional.empty();
        try (InputStream in = StaticFiles.class.getResourceAsStream(folder + name)) {
            return in == null ? Optional.empty() : Optional.of(new StaticFile(type, in.readAllBytes()));
        }
    }
}

package sotto.bridge.types;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sotto.bridge.messages.BackendToPage;
import sotto.bridge.messages.BackendToWorker;
import sotto.bridge.messages.PageToBackend;
import sotto.bridge.messages.WorkerToBackend;

/**
 * Writes {@code messages.ts} twice: once for the page, once for the frame worker, which shares no file with the page so
 * that it can be read alone. A file whose content has not changed is left untouched.
 */
public final class TypeScriptGenerator {
    private static final TypeNames NAMES =
            new TypeNames(PageToBackend.class, BackendToPage.class, WorkerToBackend.class, BackendToWorker.class);

    private TypeScriptGenerator() {}

    /** @param args folder of the page's file, folder of the worker's file */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) throw new IllegalArgumentException("two folders wanted: the page's and the worker's");
        write(Path.of(args[0]), page());
        write(Path.of(args[1]), worker());
    }

    /** The page's file. */
    static String page() {
        return new TypeScriptFile(NAMES, PageToBackend.class, BackendToPage.class).text();
    }

    /** The frame worker's file. */
    static String worker() {
        return new TypeScriptFile(NAMES, WorkerToBackend.class, BackendToWorker.class).text();
    }

    private static void write(Path folder, String text) throws IOException {
        Path file = folder.resolve("messages.ts");
        if (Files.exists(file) && Files.readString(file).equals(text)) return;
        Files.createDirectories(folder);
        Files.writeString(file, text);
        System.out.println("wrote " + file);
    }
}

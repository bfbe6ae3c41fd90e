package sotto.server.relay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Files in which an operator keeps a secret: secrets on a command line stand in the list of processes. */
public final class SecretFile {
    private static final int MOST_BYTES = 1 << 20;

    private SecretFile() {}

    /**
     * The text of a file, without white space around it.
     *
     * @throws IOException if it can't be read, is empty, is no UTF-8 or has more than 1 MiB; the message names the file
     *     alone
     */
    public static String read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (NoSuchFileException missing) {
            throw new IOException("there is no file " + file, missing);
        } catch (IOException unreadable) {
            throw new IOException("can't read " + file, unreadable);
        }
        try {
            if (bytes.length > MOST_BYTES) throw new IOException("more than 1 MiB: " + file);
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .strip();
            if (text.isEmpty()) throw new IOException("nothing stands in " + file);
            return text;
        } catch (CharacterCodingException binary) {
            throw new IOException("not UTF-8 text: " + file);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * A file with one secret on one line.
     *
     * @param least characters that it must have at least
     * @throws IOException as {@link #read}, or if there is more or less
     */
    public static String readLine(Path file, int least) throws IOException {
        String text = read(file);
        if (!text.matches("[\\x21-\\x7e]+")) throw new IOException("not one line of visible ASCII: " + file);
        if (text.length() < least)
            throw new IOException("a secret of less than " + least + " characters can be guessed: " + file);
        return text;
    }
}

package sotto.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import sotto.bridge.seal.WorkerCommand;
import sotto.bridge.seal.WorkerCommands;
import sotto.keys.frames.Sframe;

/** Somebody who has left, kept every key byte that was ever unsealed for him, and now gets all frames off the wire. */
public final class Leaver {
    private static final int MOST_FRAMES = 1500;

    private final List<Stolen> keys;
    private final Person tap;

    /** One stolen key: enough to open every frame under its KID. */
    public record Stolen(long kid, byte[] key, byte[] salt) {}

    /**
     * @param keys all that the one who is gone has
     * @param tap who recorded the wire
     */
    public Leaver(List<Stolen> keys, Person tap) {
        this.keys = keys;
        this.tap = tap;
    }

    /** @param since on the tap's clock: frames from then on are not for the thief */
    void listen(double since, Consumer<Report.Outsider> report, Consumer<Map<String, byte[]>> secrets) {
        Map<String, byte[]> found = new LinkedHashMap<>();
        for (int i = 0; i < keys.size(); i++)
            found.put("frame key " + i, keys.get(i).key());
        secrets.accept(found);
        report.accept(attempt("left", since, Double.MAX_VALUE, since - 4000));
    }

    /**
     * Tries the keys on frames that travelled while their owner was gone.
     *
     * @param from on the tap's clock
     * @param to on the tap's clock
     * @param before frames until then are for the owner of the keys: they must open, or the attempt proves nothing
     */
    public Report.Outsider attempt(String kind, double from, double to, double before) {
        List<Wire> after = frames(from, to);
        long opened = after.stream().filter(frame -> opens(frame, keys)).count();
        long control =
                frames(0, before).stream().filter(frame -> opens(frame, keys)).count();
        return new Report.Outsider(kind, after.size(), opened, opened > 0 || control == 0, control);
    }

    /** All frame keys that were ever unsealed for a participant in the role of the thief. */
    public static List<Stolen> stolen(Person thief) {
        List<Stolen> keys = new ArrayList<>();
        for (JsonNode text : thief.evaluate("() => window.sottoTap.thief()")) {
            try (WorkerCommands commands =
                    WorkerCommands.decode(Base64.getDecoder().decode(text.asText()))) {
                ByteBuffer in = ByteBuffer.wrap(commands.encode());
                in.getShort();
                for (WorkerCommand command : commands.commands()) take(command, in, keys);
            }
        }
        return keys;
    }

    /** Walks the layout of docs/protocol.md §9: the parsed commands do not give their bytes away. */
    private static void take(WorkerCommand command, ByteBuffer in, List<Stolen> keys) {
        in.get();
        switch (command) {
            case WorkerCommand.InstallSend send -> {
                keys.add(take(send.key().kid(), in));
                in.getShort();
            }
            case WorkerCommand.InstallReceive receive ->
                keys.add(take(receive.key().kid(), in));
            case WorkerCommand.Forget forget -> in.getInt();
            case WorkerCommand.ForgetAll all -> {}
        }
    }

    private static Stolen take(long kid, ByteBuffer in) {
        in.position(in.position() + 4 + 8 + 1 + 8 + 16);
        byte[] key = new byte[32];
        byte[] salt = new byte[12];
        in.get(key).get(salt);
        return new Stolen(kid, key, salt);
    }

    private List<Wire> frames(double from, double to) {
        List<Wire> frames = new ArrayList<>();
        for (JsonNode frame : tap.evaluate("() => window.sottoTap.wire(" + from + ", " + to + ", " + MOST_FRAMES + ")"))
            frames.add(new Wire(
                    frame.get("media").asText().equals("video"),
                    frame.get("key").asBoolean(),
                    Base64.getDecoder().decode(frame.get("data").asText())));
        return frames;
    }

    /** A frame as it travelled; {@code key} is VP8's key frame flag. */
    private record Wire(boolean video, boolean key, byte[] data) {}

    /** Whether any of the keys opens the frame (protocol §7). */
    private static boolean opens(Wire frame, List<Stolen> keys) {
        int prefix = frame.video() ? (frame.key() ? 10 : 1) : 0;
        Optional<Sframe.Header> header = Sframe.decodeHeader(frame.data(), prefix);
        return header.isPresent()
                && keys.stream()
                        .filter(key -> key.kid() == header.get().kid())
                        .anyMatch(key -> opens(frame.data(), prefix, header.get(), key));
    }

    private static boolean opens(byte[] data, int prefix, Sframe.Header header, Stolen stolen) {
        ByteBuffer nonce = ByteBuffer.wrap(stolen.salt().clone());
        nonce.putLong(4, nonce.getLong(4) ^ header.counter());
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(stolen.key(), "AES"),
                    new GCMParameterSpec(128, nonce.array()));
            cipher.updateAAD(data, prefix, header.length());
            cipher.updateAAD(new byte[] {(byte) prefix});
            cipher.updateAAD(data, 0, prefix);
            int start = prefix + header.length();
            cipher.doFinal(data, start, data.length - start);
            return true;
        } catch (AEADBadTagException refused) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

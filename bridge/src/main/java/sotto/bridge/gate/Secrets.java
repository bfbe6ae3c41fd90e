package sotto.bridge.gate;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.Iterator;

/** Random values that are good once and for a while. Compared in constant time. Not thread-safe. */
final class Secrets {
    private record Issued(byte[] value, Instant end) {}

    private final SecureRandom random;
    private final InstantSource clock;
    private final Duration life;
    private final int most;
    private final Deque<Issued> issued = new ArrayDeque<>();

    /** @param most kept at a time; the oldest goes for a new one */
    Secrets(SecureRandom random, InstantSource clock, Duration life, int most) {
        this.random = random;
        this.clock = clock;
        this.life = life;
        this.most = most;
    }

    /** 32 random bytes in base64url. */
    static String random(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Whether the two are the same, in a time that does not tell where they differ. */
    static boolean same(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(US_ASCII), b.getBytes(US_ASCII));
    }

    String issue() {
        String value = random(random);
        if (issued.size() == most) issued.removeFirst();
        issued.addLast(new Issued(value.getBytes(US_ASCII), clock.instant().plus(life)));
        return value;
    }

    /** Whether the value is good; it is not any more afterwards. */
    boolean redeem(String value) {
        byte[] bytes = value.getBytes(US_ASCII);
        Instant now = clock.instant();
        boolean found = false;
        for (Iterator<Issued> all = issued.iterator(); all.hasNext(); ) {
            Issued one = all.next();
            boolean same = MessageDigest.isEqual(one.value(), bytes);
            boolean over = !now.isBefore(one.end());
            if (same && !over) found = true;
            if (same || over) all.remove();
        }
        return found;
    }

    void clear() {
        issued.clear();
    }
}

package sotto.keys.safety;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sotto.keys.identity.Identity;
import sotto.keys.identity.IdentityKey;
import sotto.keys.journal.KeyJournal;

class GroupSafetyNumberTest {
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 100);

    /** Protocol §8, step by step. */
    @Test
    void numberIsThatOfTheProtocolWhateverTheOrder() throws Exception {
        IdentityKey a = Identity.generate(journal).publicKey();
        IdentityKey b = Identity.generate(journal).publicKey();
        IdentityKey low = a.compareTo(b) < 0 ? a : b;
        IdentityKey high = low == a ? b : a;
        byte[] authenticator = new byte[32];
        authenticator[5] = 9;
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.writeBytes("Sotto 1.0 group safety number".getBytes());
        input.writeBytes(authenticator);
        input.writeBytes(low.bytes());
        input.writeBytes(high.bytes());
        byte[] digest = MessageDigest.getInstance("SHA-512").digest(input.toByteArray());
        for (int i = 0; i < 5200; i++) {
            MessageDigest next = MessageDigest.getInstance("SHA-512");
            next.update(digest);
            digest = next.digest(input.toByteArray());
        }
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 60; i += 5) {
            BigInteger chunk = new BigInteger(1, Arrays.copyOfRange(digest, i, i + 5));
            expected.append(String.format("%05d ", chunk.mod(BigInteger.valueOf(100_000))));
        }

        String number = GroupSafetyNumber.of(authenticator, List.of(a, b));
        assertThat(number).isEqualTo(expected.toString().trim());
        assertThat(GroupSafetyNumber.of(authenticator, List.of(b, a))).isEqualTo(number);
        assertThat(GroupSafetyNumber.of(authenticator, List.of(a))).isNotEqualTo(number);
        assertThat(GroupSafetyNumber.of(new byte[32], List.of(a, b))).isNotEqualTo(number);
    }
}

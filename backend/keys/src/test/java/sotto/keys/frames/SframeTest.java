package sotto.keys.frames;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * RFC 9605 appendix C for AES_256_GCM_SHA512_128. The inputs stand here; of the published outputs, the SHA-256, so that
 * one number answers for each.
 */
class SframeTest {
    /** The values that the header vectors pair with each other, as KID and as counter (C.1). */
    private static final long[] HEADER_VALUES = {
        0,
        1,
        0xffL,
        0x100L,
        0xffffL,
        0x1_0000L,
        0xff_ffffL,
        0x100_0000L,
        0xffff_ffffL,
        0x1_0000_0000L,
        0xff_ffff_ffffL,
        0x100_0000_0000L,
        0xffff_ffff_ffffL,
        0x1_0000_0000_0000L,
        0xff_ffff_ffff_ffffL,
        0x100_0000_0000_0000L,
        -1L
    };

    private static final long KID = 0x123;
    private static final long COUNTER = 0x4567;
    private static final byte[] METADATA = "IETF SFrame WG".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PLAINTEXT = "draft-ietf-sframe-enc".getBytes(StandardCharsets.US_ASCII);

    private static SframeKeys keys() {
        byte[] baseKey = new byte[16];
        for (int i = 0; i < baseKey.length; i++) {
            baseKey[i] = (byte) i;
        }
        try (BaseKey base = new BaseKey(baseKey)) {
            return base.keys(KID);
        }
    }

    @Test
    void headersAreThoseOfTheRfc() throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        for (long kid : HEADER_VALUES) {
            for (long counter : HEADER_VALUES) {
                byte[] header = Sframe.encodeHeader(kid, counter);
                all.update(header);
                assertThat(Sframe.decodeHeader(header, 0)).contains(new Sframe.Header(kid, counter, header.length));
            }
        }
        assertThat(HexFormat.of().formatHex(all.digest()))
                .isEqualTo("90f5212d6a17edc7d760b95a47f4737720e957c64af2bbffaffab17ca86590e7");
    }

    @Test
    void keysNonceAndCiphertextAreThoseOfTheRfc() throws Exception {
        SframeKeys keys = keys();

        assertThat(sha256(keys.key())).isEqualTo("682217175021034af1bbb24d1c1cbfef6725f1a46562daae6f6f0e15977941e0");
        assertThat(sha256(keys.salt())).isEqualTo("81a3abbaeb04a5ab6a3e2fc05737ff4ec8fef9efd9e09db64d7e0da785606743");
        assertThat(sha256(Sframe.nonce(keys, COUNTER)))
                .isEqualTo("6a5eca4c6396a504e489946d1951da2feb2562d265c11aa14f5bc798c90b3939");
        assertThat(sha256(Sframe.encrypt(keys, COUNTER, METADATA, PLAINTEXT)))
                .isEqualTo("f34e226db6caa06070ff2ac7edd2f42c2e98147655e5fe5e352e9b0c323111c3");
    }

    @Test
    void framesThatWereTouchedDoNotOpen() {
        SframeKeys keys = keys();
        byte[] frame = Sframe.encrypt(keys, COUNTER, METADATA, PLAINTEXT);
        assertThat(Sframe.decrypt(keys, METADATA, frame)).contains(PLAINTEXT);
        for (int bit = 0; bit < frame.length * 8; bit++) {
            byte[] flipped = frame.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(Sframe.decrypt(keys, METADATA, flipped)).isEmpty();
        }
        for (int length = 0; length < frame.length; length++) {
            assertThat(Sframe.decrypt(keys, METADATA, java.util.Arrays.copyOf(frame, length)))
                    .isEmpty();
        }
        assertThat(Sframe.decrypt(keys, new byte[0], frame)).isEmpty();
    }

    @Test
    void headersThatAreNotInTheirShortestFormAreRefused() {
        for (String hex : new String[] {"8000", "0800", "090001", "80", "98", "f0ff", "a0000102"}) {
            assertThat(Sframe.decodeHeader(HexFormat.of().parseHex(hex), 0)).isEqualTo(Optional.empty());
        }
        assertThat(Sframe.decodeHeader(new byte[0], 0)).isEmpty();
    }

    @Test
    void kidNamesLeafTrackAndEpochAndComesBack() {
        Kid kid = Kid.of(5, 3, 64 + 7);
        assertThat(kid.value()).isEqualTo(5 << 8 | 3 << 6 | 7);
        assertThat(Kid.parse(kid.value())).isEqualTo(kid);
        assertThat(Kid.of(Kid.MAX_LEAF, 3, -1).value()).isPositive().isLessThan(1L << 53);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Kid.parse(-1))
                .isInstanceOf(IllegalArgumentException.class);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> Kid.of(0, 4, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}

package sotto.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ed25519SignaturesTest {
    private static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private final Random random = new Random(8032);

    private byte[] random(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] publicKey(byte[] seed) {
        byte[] key = new byte[32];
        Ed25519.generatePublicKey(seed, 0, key, 0);
        return key;
    }

    /** By the platform, which is another implementation than the one that verifies. */
    private static byte[] sign(byte[] seed, byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** RFC 8032 §7.1, tests 1 to 3. */
    @ParameterizedTest
    @CsvSource({
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,'',"
                + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,72,"
                + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,af82,"
                + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    })
    void verifiesTheStandardsExamples(String key, String message, String signature) {
        assertThat(Ed25519Signatures.verify(hex(key), hex(message), hex(signature)))
                .isTrue();
    }

    @Test
    void agreesWithAnotherImplementationOnGoodAndChangedSignatures() {
        for (int round = 0; round < 200; round++) {
            byte[] seed = random(32);
            byte[] key = publicKey(seed);
            byte[] message = random(random.nextInt(400));
            byte[] signature = sign(seed, message);
            assertThat(Ed25519Signatures.verify(key, message, signature)).isTrue();
            assertThat(Ed25519Signatures.verify(key, Arrays.copyOf(message, message.length + 1), signature))
                    .isFalse();
            for (byte[] part : new byte[][] {key, signature}) {
                int bit = random.nextInt(8 * part.length);
                part[bit / 8] ^= (byte) (1 << bit % 8);
                assertThat(Ed25519Signatures.verify(key, message, signature))
                        .as("bit %s of %s bytes changed", bit, part.length)
                        .isFalse();
                part[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
    }

    @Test
    void refusesASignatureThatWasMadeLargerByTheOrder() {
        byte[] seed = random(32);
        byte[] signature = sign(seed, new byte[9]);
        byte[] s = Arrays.copyOfRange(signature, 32, 64);
        BigInteger larger = new BigInteger(1, reversed(s)).add(ORDER);
        byte[] bytes = reversed(larger.toByteArray());
        System.arraycopy(Arrays.copyOf(bytes, 32), 0, signature, 32, 32);
        assertThat(Ed25519Signatures.verify(publicKey(seed), new byte[9], signature))
                .isFalse();
    }

    private static byte[] reversed(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) out[i] = bytes[bytes.length - 1 - i];
        return out;
    }

    /** Points of order 1, 2, 4, 8 and 8, canonical and not: R = A and S = 0 would verify for many messages. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000080",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void refusesAKeyOfSmallOrderOrInAnotherEncoding(String key) {
        byte[] signature = Arrays.copyOf(hex("0100000000000000000000000000000000000000000000000000000000000000"), 64);
        for (int message = 0; message < 64; message++)
            assertThat(Ed25519Signatures.verify(hex(key), new byte[] {(byte) message}, signature))
                    .isFalse();
    }

    @Test
    void refusesOtherLengths() {
        byte[] seed = random(32);
        byte[] signature = sign(seed, new byte[3]);
        assertThat(Ed25519Signatures.verify(Arrays.copyOf(publicKey(seed), 31), new byte[3], signature))
                .isFalse();
        assertThat(Ed25519Signatures.verify(publicKey(seed), new byte[3], Arrays.copyOf(signature, 65)))
                .isFalse();
    }
}

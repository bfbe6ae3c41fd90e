package sotto.keys.groups.mls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.X25519PublicKeyParameters;
import org.junit.jupiter.api.Test;

class BaseHpkeTest {
    private static final byte[] NOTHING = {};

    private final BaseHpke ours = new BaseHpke();
    private final HPKE theirs =
            new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM128);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** RFC 9180 appendix A.1.1, sequence number 0. */
    @Test
    void opensTheStandardsExample() throws InvalidCipherTextException {
        AsymmetricCipherKeyPair receiver =
                ours.deriveKeyPair(hex("6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037"));
        assertThat(ours.serializePublicKey(receiver.getPublic()))
                .isEqualTo(hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d"));
        assertThat(ours.open(
                        hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
                        receiver,
                        hex("4f6465206f6e2061204772656369616e2055726e"),
                        hex("436f756e742d30"),
                        hex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a9"
                                + "6d8770ac83d07bea87e13c512a"),
                        null,
                        null,
                        null))
                .isEqualTo(hex("4265617574792069732074727574682c20747275746820626561757479"));
    }

    @Test
    void agreesWithAnotherImplementation() throws InvalidCipherTextException {
        for (int size = 0; size < 300; size += 13) {
            byte[] ikm = Attacker.random(32);
            AsymmetricCipherKeyPair receiver = ours.deriveKeyPair(ikm);
            assertThat(ours.serializePrivateKey(receiver.getPrivate()))
                    .isEqualTo(
                            theirs.serializePrivateKey(theirs.deriveKeyPair(ikm).getPrivate()));
            byte[] info = Attacker.random(2 * size);
            byte[] aad = Attacker.random(size % 5);
            byte[] plaintext = Attacker.random(size);
            byte[][] made = ours.seal(receiver.getPublic(), info, aad, plaintext, null, null, null);
            assertThat(theirs.open(made[1], receiver, info, aad, made[0], null, null, null))
                    .isEqualTo(plaintext);
            made = theirs.seal(receiver.getPublic(), info, aad, plaintext, null, null, null);
            assertThat(ours.open(made[1], receiver, info, aad, made[0], null, null, null))
                    .isEqualTo(plaintext);
        }
    }

    @Test
    void nothingChangedOpens() {
        AsymmetricCipherKeyPair receiver = ours.generatePrivateKey();
        byte[] info = Attacker.random(20);
        byte[][] made = ours.seal(receiver.getPublic(), info, NOTHING, Attacker.random(32), null, null, null);
        for (byte[] part : new byte[][] {made[0], made[1], info}) {
            part[7] ^= 1;
            assertThatThrownBy(() -> ours.open(made[1], receiver, info, NOTHING, made[0], null, null, null))
                    .isInstanceOf(InvalidCipherTextException.class);
            part[7] ^= 1;
        }
    }

    @Test
    void keysOfLowOrderAreRefused() {
        byte[] one = new byte[32];
        one[0] = 1;
        for (byte[] low : new byte[][] {new byte[32], one}) {
            AsymmetricKeyParameter key = new X25519PublicKeyParameters(low);
            assertThatThrownBy(() -> ours.seal(key, NOTHING, NOTHING, NOTHING, null, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
            AsymmetricCipherKeyPair receiver = ours.generatePrivateKey();
            assertThatThrownBy(() -> ours.open(low, receiver, NOTHING, NOTHING, new byte[16], null, null, null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

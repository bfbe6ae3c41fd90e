package sotto.keys.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.signal.libsignal.protocol.fingerprint.NumericFingerprintGenerator;
import sotto.keys.journal.KeyJournal;

class IdentityTest {
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 100);

    @Test
    void fingerprintsAreTheHalvesOfSignalsSafetyNumber() throws Exception {
        IdentityKey mine = Identity.generate(journal).publicKey();
        IdentityKey theirs = Identity.generate(journal).publicKey();
        String signal = new NumericFingerprintGenerator(5200)
                .createFor(
                        2,
                        mine.bytes(),
                        new org.signal.libsignal.protocol.IdentityKey(mine.bytes()),
                        theirs.bytes(),
                        new org.signal.libsignal.protocol.IdentityKey(theirs.bytes()))
                .getDisplayableFingerprint()
                .getDisplayText();
        String first = mine.fingerprint().replace(" ", "");
        String second = theirs.fingerprint().replace(" ", "");

        assertThat(mine.fingerprint()).matches("(\\d{5} ){5}\\d{5}");
        assertThat(signal).isIn(first + second, second + first);
    }

    @Test
    void signaturesVerifyForTheirMessageAndKeyOnly() {
        Identity me = Identity.generate(journal);
        byte[] message = {1, 2, 3};
        byte[] signature = me.sign(message);

        assertThat(signature).hasSize(IdentityKey.SIGNATURE_SIZE);
        assertThat(me.publicKey().verify(message, signature)).isTrue();
        assertThat(me.publicKey().verify(new byte[] {1, 2}, signature)).isFalse();
        assertThat(me.publicKey().verify(message, new byte[63])).isFalse();
        assertThat(Identity.generate(journal).publicKey().verify(message, signature))
                .isFalse();
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] flipped = signature.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(me.publicKey().verify(message, flipped)).isFalse();
        }
    }

    @Test
    void closedIdentitySignsNothing() {
        Identity me = Identity.generate(journal);
        me.close();
        assertThatThrownBy(() -> me.sign(new byte[1])).isInstanceOf(IllegalStateException.class);
        assertThat(me).hasToString("identity/1");
        assertThat(journal.counts().keysLive()).isZero();
    }

    @Test
    void onlySignalsFormIsAnIdentityKey() {
        byte[] good = Identity.generate(journal).publicKey().bytes();
        assertThat(new IdentityKey(good).bytes()).isEqualTo(good);
        byte[] otherType = good.clone();
        otherType[0] = 6;
        for (byte[] bad : new byte[][] {new byte[0], new byte[32], new byte[33], otherType, new byte[34]}) {
            assertThatThrownBy(() -> new IdentityKey(bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void participantIdsPrintAsBase64urlAndComeBack() {
        ParticipantId id = ParticipantId.random(new SecureRandom());
        assertThat(id.toString()).hasSize(22);
        assertThat(ParticipantId.parse(id.toString())).isEqualTo(id);
        assertThatThrownBy(() -> ParticipantId.parse(id + "==")).isInstanceOf(IllegalArgumentException.class);
    }
}

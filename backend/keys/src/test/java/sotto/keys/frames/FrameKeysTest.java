package sotto.keys.frames;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.junit.jupiter.api.Test;
import sotto.keys.groups.GroupId;
import sotto.keys.journal.KeyJournal;

class FrameKeysTest {
    private final KeyJournal journal = new KeyJournal(Clock.systemUTC(), 1000);
    private final GroupId group = GroupId.random(new SecureRandom());
    private final byte[] epochPart = filled(32, 1);
    private final byte[] linkSecret = filled(32, 2);
    private final byte[] roomId = filled(16, 3);

    private static byte[] filled(int size, int with) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) with);
        return bytes;
    }

    private EpochFrameKeys keys(long epoch, int ownLeaf) {
        try (LinkPart link = LinkPart.derive(linkSecret, roomId)) {
            return EpochFrameKeys.derive(group, epoch, ownLeaf, epochPart, link, journal);
        }
    }

    /** Protocol §6, written down a second time with another implementation of HKDF. */
    @Test
    void keysAreDerivedAsTheProtocolSays() {
        HKDFBytesGenerator hkdf256 = new HKDFBytesGenerator(new SHA256Digest());
        hkdf256.init(new HKDFParameters(linkSecret, roomId, "Sotto 1.0 frame link part".getBytes()));
        byte[] linkPart = new byte[32];
        hkdf256.generateBytes(linkPart, 0, 32);
        byte[] label = "Sotto 1.0 base key".getBytes();
        byte[] info = ByteBuffer.allocate(label.length + 16 + 8 + 4 + 1)
                .put(label)
                .put(group.bytes())
                .putLong(70)
                .putInt(9)
                .put((byte) 1)
                .array();
        byte[] baseKey = expand512(linkPart, epochPart, info, 64);
        byte[] kid = ByteBuffer.allocate(10)
                .putLong(9 << 8 | 1 << 6 | 6)
                .putShort((short) 5)
                .array();
        byte[] key = expand512(new byte[0], baseKey, concat("SFrame 1.0 Secret key ", kid), 32);
        byte[] salt = expand512(new byte[0], baseKey, concat("SFrame 1.0 Secret salt ", kid), 12);

        try (EpochFrameKeys keys = keys(70, 0);
                FrameKey frame = keys.receiveKey(9, 1)) {
            assertThat(frame.key()).isEqualTo(key);
            assertThat(frame.salt()).isEqualTo(salt);
            assertThat(frame.kid()).isEqualTo(new Kid(9, 1, 6));
            assertThat(frame.epoch()).isEqualTo(70);
        }
    }

    private static byte[] expand512(byte[] salt, byte[] ikm, byte[] info, int length) {
        HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA512Digest());
        hkdf.init(new HKDFParameters(ikm, salt, info));
        byte[] out = new byte[length];
        hkdf.generateBytes(out, 0, length);
        return out;
    }

    private static byte[] concat(String label, byte[] rest) {
        byte[] text = label.getBytes();
        return ByteBuffer.allocate(text.length + rest.length)
                .put(text)
                .put(rest)
                .array();
    }

    @Test
    void everySenderTrackEpochAndLinkHasAKeyOfItsOwn() {
        Set<String> seen = new HashSet<>();
        for (long epoch : new long[] {1, 2, 65}) {
            try (EpochFrameKeys keys = keys(epoch, 100)) {
                for (int leaf = 0; leaf < 3; leaf++) {
                    for (int track = 0; track < Kid.TRACKS; track++) {
                        try (FrameKey key = keys.receiveKey(leaf, track)) {
                            assertThat(seen.add(HexFormat.of().formatHex(key.key())))
                                    .isTrue();
                            assertThat(seen.add(HexFormat.of().formatHex(key.salt())))
                                    .isTrue();
                        }
                    }
                }
            }
        }
        linkSecret[0] ^= 1;
        try (EpochFrameKeys keys = keys(1, 100);
                FrameKey key = keys.receiveKey(0, 0)) {
            assertThat(seen.add(HexFormat.of().formatHex(key.key()))).isTrue();
        }
    }

    @Test
    void ownKeyNeverLeavesAsAReceiveKey() {
        try (EpochFrameKeys keys = keys(1, 4)) {
            assertThatThrownBy(() -> keys.receiveKey(4, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closedKeysGiveNothing() throws Exception {
        EpochFrameKeys keys = keys(1, 4);
        FrameKey key = keys.receiveKey(0, 0);
        keys.close();
        assertThat(key.key()).hasSize(32);
        key.close();
        assertThatThrownBy(key::key).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> keys.receiveKey(0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> keys.sendKey(0, new SendKeyLedger())).isInstanceOf(IllegalStateException.class);
        assertThat(journal.counts().keysLive()).isZero();
    }

    /** Reloads, worker restarts, rederived epochs, late requests: whatever comes, a send key comes once. */
    @Test
    void sendKeyLeavesOnceWhateverIsReloadedOrRestarted() {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            SendKeyLedger ledger = new SendKeyLedger();
            Set<String> given = new HashSet<>();
            long epoch = 1;
            long[] highest = {0, 0, 0, 0};
            for (int i = 0; i < 200; i++) {
                if (random.nextInt(4) == 0) {
                    epoch++;
                }
                // A worker that comes back may ask through keys that were derived anew, or for an epoch that is over.
                long asked = Math.max(1, epoch - (random.nextInt(5) == 0 ? 1 : 0));
                int track = random.nextInt(Kid.TRACKS);
                boolean expected = asked > highest[track];
                assertThat(ledger.available(group, asked, 4, track)).isEqualTo(expected);
                try (EpochFrameKeys keys = keys(asked, 4);
                        FrameKey key = keys.sendKey(track, ledger)) {
                    assertThat(expected).isTrue();
                    assertThat(given.add(HexFormat.of().formatHex(key.key()))).isTrue();
                    highest[track] = asked;
                } catch (SendKeySpentException spent) {
                    assertThat(expected).isFalse();
                }
            }
        }
    }

    @Test
    void journalFollowsAFrameKeyToTheWorkerAndBack() {
        try (EpochFrameKeys keys = keys(1, 4)) {
            FrameKey key = keys.receiveKey(0, 1);
            key.delivered("worker 1");
            key.close();
            assertThat(journal.live()).contains(key.id());
            key.forgotten("epoch over");
            assertThat(journal.live()).doesNotContain(key.id());
            assertThat(key.toString()).isEqualTo("frame/" + key.number());
        }
        assertThat(journal.counts()).isEqualTo(new KeyJournal.Counts(2, 2, 0));
    }
}

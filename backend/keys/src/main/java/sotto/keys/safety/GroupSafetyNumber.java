package sotto.keys.safety;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import sotto.keys.Labels;
import sotto.keys.identity.IdentityKey;

/** The safety number of a group (protocol §8): equal at everyone who shares the epoch, and at nobody else. */
public final class GroupSafetyNumber {
    private static final int ITERATIONS = 5200;
    private static final int GROUPS = 12;

    private GroupSafetyNumber() {}

    /** 12 groups of 5 digits, separated by blanks. Identities may come in any order. */
    public static String of(byte[] epochAuthenticator, Collection<IdentityKey> identities) {
        List<IdentityKey> sorted = identities.stream().sorted().toList();
        byte[] label = Labels.bytes(Labels.GROUP_SAFETY_NUMBER);
        int length = label.length + epochAuthenticator.length + sorted.size() * IdentityKey.SIZE;
        byte[] input = Arrays.copyOf(label, length);
        System.arraycopy(epochAuthenticator, 0, input, label.length, epochAuthenticator.length);
        int at = label.length + epochAuthenticator.length;
        for (IdentityKey identity : sorted) {
            System.arraycopy(identity.bytes(), 0, input, at, IdentityKey.SIZE);
            at += IdentityKey.SIZE;
        }
        byte[] digest = iterate(input);
        StringBuilder number = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            byte[] chunk = Arrays.copyOfRange(digest, i * 5, i * 5 + 5);
            long value = new BigInteger(1, chunk).longValueExact() % 100_000;
            number.append(i == 0 ? "" : " ").append(String.format("%05d", value));
        }
        return number.toString();
    }

    private static byte[] iterate(byte[] input) {
        MessageDigest sha512;
        try {
            sha512 = MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
        byte[] digest = sha512.digest(input);
        for (int i = 1; i <= ITERATIONS; i++) {
            sha512.update(digest);
            digest = sha512.digest(input);
        }
        return digest;
    }
}

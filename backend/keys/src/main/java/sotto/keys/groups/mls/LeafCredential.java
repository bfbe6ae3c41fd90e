package sotto.keys.groups.mls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import sotto.keys.Labels;
import sotto.keys.groups.GroupException;
import sotto.keys.identity.Identity;
import sotto.keys.identity.IdentityKey;
import sotto.keys.identity.ParticipantId;

/**
 * The MLS credential's content (protocol §4): {@code u8 1 ‖ identity key(33) ‖ participant id(16) ‖ u8 length ‖ name ‖
 * binding(64)}, the binding being the identity's signature that ties all of it, and the room, to the leaf's key.
 */
record LeafCredential(IdentityKey identity, ParticipantId participant, String name) {
    private static final int FORMAT = 1;
    private static final int MAX_NAME = 192;
    private static final int FIXED = 1 + IdentityKey.SIZE + ParticipantId.SIZE + 1 + IdentityKey.SIGNATURE_SIZE;

    /** Signs and encodes the credential for an own leaf. */
    static byte[] create(Identity me, byte[] roomId, ParticipantId participant, String name, byte[] signatureKey)
            throws GroupException {
        byte[] nameBytes = encodeName(name);
        byte[] binding = me.sign(bound(roomId, signatureKey, participant, nameBytes));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(FORMAT);
        out.writeBytes(me.publicKey().bytes());
        out.writeBytes(participant.bytes());
        out.write(nameBytes.length);
        out.writeBytes(nameBytes);
        out.writeBytes(binding);
        return out.toByteArray();
    }

    /** Decodes a leaf's credential and verifies its binding to the leaf and the room. */
    static LeafCredential verify(WireLeaf leaf, byte[] roomId, Signatures signatures) throws GroupException {
        byte[] bytes = leaf.credential();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < FIXED || in.get() != FORMAT) {
            throw new GroupException.Malformed("credential: not of format 1");
        }
        byte[] identityBytes = take(in, IdentityKey.SIZE);
        ParticipantId participant = new ParticipantId(take(in, ParticipantId.SIZE));
        int nameLength = in.get() & 0xff;
        if (nameLength > MAX_NAME || in.remaining() != nameLength + IdentityKey.SIGNATURE_SIZE) {
            throw new GroupException.Malformed("credential: a name of " + nameLength + " bytes does not fit");
        }
        byte[] nameBytes = take(in, nameLength);
        String name = decodeName(nameBytes);
        byte[] binding = take(in, IdentityKey.SIGNATURE_SIZE);
        IdentityKey identity;
        try {
            identity = new IdentityKey(identityBytes);
        } catch (IllegalArgumentException e) {
            throw new GroupException.Malformed("credential: " + e.getMessage());
        }
        if (!signatures.verify(identity, bound(roomId, leaf.signatureKey(), participant, nameBytes), binding)) {
            throw new GroupException.Forged("the identity did not sign for this leaf and room");
        }
        return new LeafCredential(identity, participant, name);
    }

    private static byte[] bound(byte[] roomId, byte[] signatureKey, ParticipantId participant, byte[] name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Labels.bytes(Labels.LEAF_BINDING));
        out.writeBytes(roomId);
        out.writeBytes(signatureKey);
        out.writeBytes(participant.bytes());
        out.writeBytes(name);
        return out.toByteArray();
    }

    private static byte[] encodeName(String name) throws GroupException {
        ByteBuffer encoded;
        try {
            encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(name));
        } catch (CharacterCodingException e) {
            throw new GroupException.PolicyViolation("the name is not text");
        }
        byte[] bytes = take(encoded, encoded.remaining());
        requireAllowed(name, bytes.length);
        return bytes;
    }

    private static String decodeName(byte[] bytes) throws GroupException {
        String name;
        try {
            name = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new GroupException.Malformed("credential: the name is no UTF-8");
        }
        requireAllowed(name, bytes.length);
        return name;
    }

    /** Control, format (bidirectional overrides) and line-breaking characters could make one name pass for another. */
    private static void requireAllowed(String name, int bytes) throws GroupException {
        if (bytes > MAX_NAME || name.isBlank()) {
            throw new GroupException.PolicyViolation("a name has 1 to " + MAX_NAME + " bytes and is not blank");
        }
        boolean allowed = name.codePoints().allMatch(c -> switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                false;
            // The zero-width joiner holds many emoji together.
            case Character.FORMAT -> c == 0x200D || c == 0x200C;
            default -> true;
        });
        if (!allowed) {
            throw new GroupException.PolicyViolation("the name has control characters");
        }
    }

    private static byte[] take(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }
}

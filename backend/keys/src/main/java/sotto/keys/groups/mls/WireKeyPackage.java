package sotto.keys.groups.mls;

import sotto.keys.groups.GroupException;

/**
 * A KeyPackage (RFC 9420 §10) in the profile.
 *
 * @param raw the KeyPackage without MLSMessage around it
 * @param signed the part that the signature covers
 */
record WireKeyPackage(byte[] raw, byte[] signed, byte[] initKey, WireLeaf leaf, byte[] signature) {
    /** From a whole MLSMessage(mls_key_package). */
    static WireKeyPackage decode(byte[] message) throws GroupException {
        TlsReader in = new TlsReader(message, Mls.MAX_KEY_PACKAGE, "KeyPackage");
        in.expectU16(Mls.VERSION, "version");
        in.expectU16(Mls.WIRE_KEY_PACKAGE, "wire format");
        WireKeyPackage keyPackage = read(in);
        in.end();
        return keyPackage;
    }

    static WireKeyPackage read(TlsReader in) throws GroupException {
        int start = in.position();
        in.expectU16(Mls.VERSION, "version");
        in.expectU16(Mls.SUITE, "cipher suite");
        byte[] initKey = in.opaque(Mls.KEY_SIZE, "init key");
        WireLeaf leaf = WireLeaf.read(in);
        in.empty("KeyPackage extensions");
        byte[] signed = in.since(start);
        byte[] signature = in.opaque(Mls.SIGNATURE_SIZE, "KeyPackage signature");
        return new WireKeyPackage(in.since(start), signed, initKey, leaf, signature);
    }

    byte[] reference() {
        return Mls.keyPackageReference(raw);
    }

    boolean signatureVerifies(Signatures signatures) {
        return signatures.verifyWithLabel(leaf.signatureKey(), "KeyPackageTBS", signed, signature);
    }
}

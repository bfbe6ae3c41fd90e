package sotto.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Reads a certificate chain and a private key from PEM files (RFC 7468), as ACME clients write them. */
final class PemKeyStore {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private PemKeyStore() {}

    /**
     * @return a key store in memory, with one entry and no password
     * @throws IOException if a file can't be read or does not hold what it should; the message names the file
     */
    static KeyStore load(ServerSettings.Tls files) throws IOException {
        try {
            Certificate[] chain = chain(files);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key(files), new char[0], chain);
            return store;
        } catch (GeneralSecurityException bad) {
            throw new IOException("certificate and key do not make a TLS identity: " + files.certificate(), bad);
        }
    }

    private static Certificate[] chain(ServerSettings.Tls files) throws IOException {
        byte[] pem = Files.readAllBytes(files.certificate());
        try {
            Certificate[] chain = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem))
                    .toArray(new Certificate[0]);
            if (chain.length == 0) throw new IOException("no certificate in " + files.certificate());
            return chain;
        } catch (GeneralSecurityException bad) {
            throw new IOException("no PEM certificates in " + files.certificate(), bad);
        }
    }

    private static PrivateKey key(ServerSettings.Tls files) throws IOException {
        String pem = Files.readString(files.key(), StandardCharsets.US_ASCII);
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin)
            throw new IOException("no unencrypted PKCS #8 key (BEGIN PRIVATE KEY) in " + files.key());
        byte[] der = null;
        try {
            der = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
            return decode(der, files);
        } catch (IllegalArgumentException notBase64) {
            throw new IOException("the key is not base64 in " + files.key());
        } finally {
            if (der != null) Arrays.fill(der, (byte) 0);
        }
    }

    private static PrivateKey decode(byte[] der, ServerSettings.Tls files) throws IOException {
        for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException anotherKind) {
                // The next algorithm may fit.
            } catch (GeneralSecurityException missing) {
                throw new IOException("this Java lacks " + algorithm, missing);
            }
        }
        throw new IOException("the key is neither EC, RSA nor EdDSA in " + files.key());
    }
}

package io.troupe.control.apiserver.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/**
 * The key that signs service-account tokens.
 *
 * @param id {@code kid} of its tokens
 */
public record ServiceAccountKey(PrivateKey key, ECPublicKey publicKey, String id) {

  static ServiceAccountKey open(CredentialFiles files) {
    try {
      if (!Files.exists(files.path("sa.key"))) {
        KeyPair pair = CertificateAuthority.newKeyPair();
        files.write("sa.pub", Pem.publicKey(pair.getPublic()), "rw-r--r--");
        files.write("sa.key", Pem.key(pair.getPrivate()), "rw-------");
      }
      ECPublicKey publicKey = Pem.publicKey(Files.readString(files.path("sa.pub")));
      return new ServiceAccountKey(
          Pem.key(Files.readString(files.path("sa.key"))), publicKey, id(publicKey));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + files.path("sa.key"), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("damaged: " + files.path("sa.key"), e);
    }
  }

  private static String id(ECPublicKey key) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }
}

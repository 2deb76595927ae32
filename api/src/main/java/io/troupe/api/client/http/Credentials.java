package io.troupe.api.client.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Who the client is: a certificate with its key, a bearer token, or both; "" for what it has not.
 *
 * @param certificatePem the client's certificate and its chain
 * @param keyPem PKCS#8, PKCS#1 (RSA) or SEC 1 (EC)
 */
public record Credentials(String certificatePem, String keyPem, String token) {
  public static final Credentials ANONYMOUS = new Credentials("", "", "");

  public static Credentials token(String token) {
    return new Credentials("", "", token);
  }

  public static Credentials certificate(String certificatePem, String keyPem) {
    return new Credentials(certificatePem, keyPem, "");
  }

  /** Reads certificate and key at each call, so that a renewed pair is used without a restart. */
  public static Supplier<Credentials> files(Path certificate, Path key) {
    return () -> certificate(read(certificate), read(key));
  }

  /** Reads the token at each call, as mounted service-account tokens need. */
  public static Supplier<Credentials> tokenFile(Path token) {
    return () -> token(read(token).strip());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("credentials in " + file, e);
    }
  }

  /** Never shows secrets in logs. */
  @Override
  public String toString() {
    return "Credentials[certificate="
        + !certificatePem.isEmpty()
        + ", token="
        + !token.isEmpty()
        + "]";
  }
}

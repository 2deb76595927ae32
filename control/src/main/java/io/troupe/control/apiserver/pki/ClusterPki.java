package io.troupe.control.apiserver.pki;

import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/** The files of the PKI folder: made when absent, renewed when old, read when good. */
public final class ClusterPki {
  private static final Duration AUTHORITY_LIFE = Duration.ofDays(3_650);
  private static final Duration CERTIFICATE_LIFE = Duration.ofDays(365);

  /** Renewed when less than this part of its life is left. */
  private static final double RENEW_AT = 1.0 / 3;

  private final Path folder;
  private final Supplier<Instant> clock;
  private final CertificateAuthority clusterAuthority;
  private final CertificateAuthority frontProxyAuthority;
  private final KeyPair tokenKeys;

  private ClusterPki(Path folder, Supplier<Instant> clock) throws IOException {
    this.folder = folder;
    this.clock = clock;
    this.clusterAuthority = authority("ca", "troupe-ca");
    this.frontProxyAuthority = authority("front-proxy-ca", "front-proxy-ca");
    this.tokenKeys = tokenKeys();
  }

  /**
   * Opens the folder, making what is absent.
   *
   * @throws IOException when the folder cannot be written, or holds something that is not a PEM
   *     file
   */
  public static ClusterPki open(Path folder, Supplier<Instant> clock) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return new ClusterPki(folder, clock);
  }

  public CertificateAuthority authority() {
    return clusterAuthority;
  }

  public CertificateAuthority frontProxyAuthority() {
    return frontProxyAuthority;
  }

  /** The authority's certificate, which clients trust. */
  public String authorityPem() {
    return clusterAuthority.own().certificatePem();
  }

  /** The pair that signs and checks service-account tokens (ES256). */
  public KeyPair serviceAccountKeys() {
    return tokenKeys;
  }

  /**
   * {@code sha256:…} of the authority's public key, as {@code --discovery-token-ca-cert-hash} has
   * it.
   */
  public String authorityHash() {
    try {
      byte[] key = clusterAuthority.own().certificate().getPublicKey().getEncoded();
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * A component's certificate from its file; made anew when it is absent, old, or says something
   * else than the subject.
   */
  public KeyPairFile certificate(String fileName, Subject subject) throws IOException {
    return certificate(fileName, clusterAuthority, subject);
  }

  /** The certificate with which the API server speaks to aggregated API servers. */
  public KeyPairFile frontProxyClient() throws IOException {
    return certificate(
        "front-proxy-client", frontProxyAuthority, Subject.client("front-proxy-client"));
  }

  private KeyPairFile certificate(String fileName, CertificateAuthority issuer, Subject subject)
      throws IOException {
    Path marker = folder.resolve(fileName + ".subject");
    String wanted = subject + " by " + issuer.own().certificate().getSerialNumber();
    if (Files.exists(marker) && Files.readString(marker).equals(wanted)) {
      KeyPairFile present = read(fileName);
      if (present != null && !isOld(present)) {
        return present;
      }
    }
    KeyPairFile made = issuer.issue(subject, clock.get(), CERTIFICATE_LIFE);
    write(fileName, made);
    writePrivate(marker, wanted);
    return made;
  }

  private boolean isOld(KeyPairFile pair) {
    Instant end = pair.certificate().getNotAfter().toInstant();
    Duration life = Duration.between(pair.certificate().getNotBefore().toInstant(), end);
    return Duration.between(clock.get(), end).toSeconds() < life.toSeconds() * RENEW_AT;
  }

  private CertificateAuthority authority(String fileName, String commonName) throws IOException {
    KeyPairFile present = read(fileName);
    if (present != null) {
      return new CertificateAuthority(present);
    }
    CertificateAuthority made =
        CertificateAuthority.create(commonName, clock.get(), AUTHORITY_LIFE);
    write(fileName, made.own());
    return made;
  }

  private KeyPairFile read(String fileName) throws IOException {
    Path certificate = folder.resolve(fileName + ".crt");
    Path key = folder.resolve(fileName + ".key");
    if (!Files.exists(certificate) || !Files.exists(key)) {
      return null;
    }
    String certificatePem = Files.readString(certificate);
    String keyPem = Files.readString(key);
    try {
      return new KeyPairFile(
          Pem.certificate(certificatePem), Pem.key(keyPem), certificatePem, keyPem);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(certificate + " or its key cannot be read: " + e.getMessage(), e);
    }
  }

  private void write(String fileName, KeyPairFile pair) throws IOException {
    writePrivate(folder.resolve(fileName + ".key"), pair.keyPem());
    writePrivate(folder.resolve(fileName + ".crt"), pair.certificatePem());
  }

  private KeyPair tokenKeys() throws IOException {
    Path privateFile = folder.resolve("sa.key");
    Path publicFile = folder.resolve("sa.pub");
    if (!Files.exists(privateFile) || !Files.exists(publicFile)) {
      KeyPair made = CertificateAuthority.newKeys();
      writePrivate(privateFile, Pem.encode("PRIVATE KEY", made.getPrivate().getEncoded()));
      writePrivate(publicFile, Pem.encode("PUBLIC KEY", made.getPublic().getEncoded()));
      return made;
    }
    try {
      var factory = java.security.KeyFactory.getInstance("EC");
      PrivateKey key =
          factory.generatePrivate(
              new PKCS8EncodedKeySpec(Pem.decode("PRIVATE KEY", Files.readString(privateFile))));
      PublicKey open =
          factory.generatePublic(
              new X509EncodedKeySpec(Pem.decode("PUBLIC KEY", Files.readString(publicFile))));
      return new KeyPair(open, key);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(privateFile + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes atomically, readable by the owner alone. */
  public static void writePrivate(Path target, String text) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path temporary =
        Files.createTempFile(target.toAbsolutePath().getParent(), ".new", "", ownerOnly);
    Files.writeString(temporary, text);
    Files.move(
        temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** A kubeconfig that logs in with the certificate. */
  public String kubeconfig(String server, String userName, KeyPairFile user) {
    var base64 = java.util.Base64.getEncoder();
    List<String> data =
        List.of(authorityPem(), user.certificatePem(), user.keyPem()).stream()
            .map(
                pem ->
                    base64.encodeToString(pem.getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
            .toList();
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: troupe
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: troupe
          context:
            cluster: troupe
            user: %s
        current-context: troupe
        """
        .formatted(server, data.get(0), userName, data.get(1), data.get(2), userName);
  }
}

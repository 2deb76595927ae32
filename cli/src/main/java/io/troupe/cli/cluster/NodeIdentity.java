package io.troupe.cli.cluster;

import io.troupe.api.client.http.ApiServer;
import io.troupe.api.client.http.Credentials;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.object.RefusedException;
import io.troupe.cli.StartFailure;
import io.troupe.control.apiserver.pki.ClusterPki;
import io.troupe.control.apiserver.pki.Pem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A joined node's files: the authority, one key, a client and a serving certificate for it. A
 * renewal keeps the key, so that a reader never sees a certificate beside the wrong key.
 */
public final class NodeIdentity {
  private static final Logger LOG = LoggerFactory.getLogger(NodeIdentity.class);
  private static final String AGENT = "troupe-node-join/v1.37";
  private static final Duration LOOK = Duration.ofHours(1);

  /** Renewed when less than this part of its life is left. */
  private static final double RENEW_AT = 1.0 / 3;

  private final Path folder;
  private final URI server;
  private final String nodeName;
  private final String address;

  public NodeIdentity(Path folder, URI server, String nodeName, String address) {
    this.folder = folder;
    this.server = server;
    this.nodeName = nodeName;
    this.address = address;
  }

  public Path authority() {
    return folder.resolve("ca.crt");
  }

  public Path key() {
    return folder.resolve("node.key");
  }

  public Path client() {
    return folder.resolve("node-client.crt");
  }

  public Path serving() {
    return folder.resolve("node-serving.crt");
  }

  /** Whether the node has joined before, and its certificates are still good for a while. */
  public boolean isPresent() throws IOException {
    return Files.exists(authority())
        && Files.exists(key())
        && isGood(client())
        && isGood(serving());
  }

  private static boolean isGood(Path file) throws IOException {
    return Files.exists(file) && left(file) > 0;
  }

  /** How much of a certificate's life is left, from 1 down to 0 and below. */
  private static double left(Path file) throws IOException {
    try {
      X509Certificate certificate = Pem.certificate(Files.readString(file));
      Instant end = certificate.getNotAfter().toInstant();
      Duration life = Duration.between(certificate.getNotBefore().toInstant(), end);
      return (double) Duration.between(Instant.now(), end).toSeconds() / life.toSeconds();
    } catch (GeneralSecurityException e) {
      throw new IOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Becomes a node: checks the authority by its hash, and gets both certificates. */
  public void join(String token, String authorityHash)
      throws StartFailure, IOException, InterruptedException {
    Files.createDirectories(folder);
    String authorityPem = ClusterAuthority.fetch(server, authorityHash);
    ClusterPki.writePrivate(authority(), authorityPem);
    KeyPair keys = newKeys();
    try (HttpKubeClient bootstrap =
        new HttpKubeClient(api(), () -> Credentials.token(token), AGENT)) {
      String certificate = CertificateOrder.client(nodeName).fetch(bootstrap, keys);
      ClusterPki.writePrivate(key(), Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded()));
      ClusterPki.writePrivate(
          folder.resolve("node.pub"), Pem.encode("PUBLIC KEY", keys.getPublic().getEncoded()));
      ClusterPki.writePrivate(client(), certificate);
    } catch (RefusedException e) {
      throw new StartFailure("the cluster does not take this node: " + e.getMessage(), e);
    }
    try (HttpKubeClient node = asNode()) {
      ClusterPki.writePrivate(
          serving(), CertificateOrder.serving(nodeName, address).fetch(node, keys));
    } catch (RefusedException e) {
      throw new StartFailure(
          "the cluster gives this node no serving certificate: " + e.getMessage(), e);
    }
  }

  private ApiServer api() throws IOException {
    return new ApiServer(server, Files.readString(authority()));
  }

  /** The API as this node. */
  public HttpKubeClient asNode() throws IOException {
    return new HttpKubeClient(api(), Credentials.files(client(), key()), AGENT);
  }

  /** Renews in time until it is closed. */
  public AutoCloseable keepFresh() {
    Thread thread = Thread.ofVirtual().name("node-certificates").start(this::renewNowAndThen);
    return thread::interrupt;
  }

  private void renewNowAndThen() {
    try {
      while (true) {
        renewOld();
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void renewOld() throws InterruptedException {
    try {
      if (left(client()) < RENEW_AT) {
        renew(client(), CertificateOrder.client(nodeName));
      }
      if (left(serving()) < RENEW_AT) {
        renew(serving(), CertificateOrder.serving(nodeName, address));
      }
    } catch (IOException | StartFailure | RuntimeException e) {
      LOG.warn("the node's certificates were not renewed, next try in an hour: {}", e.getMessage());
    }
  }

  private void renew(Path file, CertificateOrder order)
      throws IOException, StartFailure, InterruptedException {
    try (HttpKubeClient node = asNode()) {
      ClusterPki.writePrivate(file, order.fetch(node, keys()));
    }
  }

  private KeyPair keys() throws IOException {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      byte[] open = Pem.decode("PUBLIC KEY", Files.readString(folder.resolve("node.pub")));
      byte[] secret = Pem.decode("PRIVATE KEY", Files.readString(key()));
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(open)),
          factory.generatePrivate(new PKCS8EncodedKeySpec(secret)));
    } catch (GeneralSecurityException e) {
      throw new IOException(key() + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }
}

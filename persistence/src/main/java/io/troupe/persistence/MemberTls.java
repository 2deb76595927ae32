package io.troupe.persistence;

import com.typesafe.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManagerFactory;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import scala.Option;

/**
 * Mutual TLS between members, from PEM files (RSA or EC keys in PKCS #8) that are read again from
 * time to time.
 *
 * <p>A member has every authority, so a certificate of the right CA is not enough: the peer must
 * have the same subject as this member's own certificate. A node's or user's certificate is refused
 * even when the same CA signed it.
 */
public final class MemberTls implements SSLEngineProvider {
  static final String PATH = "troupe.member-tls";
  private static final long RELOAD_NANOS = Duration.ofMinutes(5).toNanos();
  private static final char[] NO_PASSWORD = new char[0];

  private record Loaded(SSLContext context, X509Certificate own, long atNanos) {}

  private final Path key;
  private final Path certificate;
  private final Path authority;
  private volatile Loaded loaded;

  /** Called by Pekko. */
  public MemberTls(ActorSystem system) {
    Config config = system.settings().config().getConfig(PATH);
    key = Path.of(config.getString("key"));
    certificate = Path.of(config.getString("certificate"));
    authority = Path.of(config.getString("ca-certificate"));
  }

  @Override
  public SSLEngine createServerSSLEngine(String hostname, int port) {
    SSLEngine engine = current().context().createSSLEngine(hostname, port);
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    return engine;
  }

  @Override
  public SSLEngine createClientSSLEngine(String hostname, int port) {
    SSLEngine engine = current().context().createSSLEngine(hostname, port);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    return engine;
  }

  @Override
  public Option<Throwable> verifyClientSession(String hostname, SSLSession session) {
    return verify(session);
  }

  @Override
  public Option<Throwable> verifyServerSession(String hostname, SSLSession session) {
    return verify(session);
  }

  private Option<Throwable> verify(SSLSession session) {
    try {
      var peer = (X509Certificate) session.getPeerCertificates()[0];
      boolean same =
          peer.getSubjectX500Principal().equals(current().own().getSubjectX500Principal());
      return same
          ? Option.empty()
          : Option.apply(
              new SSLPeerUnverifiedException(
                  peer.getSubjectX500Principal() + " is not a member of this cluster"));
    } catch (SSLPeerUnverifiedException e) {
      return Option.apply(e);
    }
  }

  private Loaded current() {
    Loaded now = loaded;
    if (now == null || System.nanoTime() - now.atNanos() > RELOAD_NANOS) {
      now = load();
      loaded = now;
    }
    return now;
  }

  private Loaded load() {
    try {
      Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, NO_PASSWORD);
      keys.setKeyEntry("member", privateKey(key), NO_PASSWORD, chain);
      var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, NO_PASSWORD);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, NO_PASSWORD);
      int number = 0;
      for (Certificate ca : certificates(authority)) {
        trusted.setCertificateEntry("ca-" + number++, ca);
      }
      var trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return new Loaded(context, (X509Certificate) chain[0], System.nanoTime());
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("cannot use the member's certificate " + certificate, e);
    }
  }

  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    String body =
        Files.readString(file)
            .replace("-----BEGIN PRIVATE KEY-----", "")
            .replace("-----END PRIVATE KEY-----", "");
    var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body));
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (InvalidKeySpecException notElliptic) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }
}

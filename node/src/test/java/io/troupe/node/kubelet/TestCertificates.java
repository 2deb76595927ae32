package io.troupe.node.kubelet;

import io.troupe.node.kubelet.server.ServerSettings;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** An authority with a server's and clients' certificates. */
final class TestCertificates {
  private final KeyPair caKey = newKey();
  private final X500Name caName = new X500Name("CN=test-ca");
  private final X509Certificate ca = sign(caName, caKey);
  private int serial;

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private X509Certificate sign(X500Name subject, KeyPair key) {
    try {
      Instant now = Instant.now();
      var builder =
          new JcaX509v3CertificateBuilder(
              caName,
              BigInteger.valueOf(++serial),
              Date.from(now.minus(Duration.ofHours(1))),
              Date.from(now.plus(Duration.ofHours(1))),
              subject,
              key.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(subject.equals(caName)));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(caKey.getPrivate())));
    } catch (GeneralSecurityException | OperatorCreationException | CertIOException e) {
      throw new AssertionError(e);
    }
  }

  private static void pem(Path file, Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(object);
    }
    Files.writeString(file, text.toString());
  }

  /** Writes a server's files; any free port. */
  ServerSettings server(Path dir) throws IOException {
    Files.createDirectories(dir);
    KeyPair key = newKey();
    pem(dir.resolve("server.crt"), sign(new X500Name("CN=n1"), key));
    pem(dir.resolve("server.key"), new PemObject("PRIVATE KEY", key.getPrivate().getEncoded()));
    pem(dir.resolve("ca.crt"), ca);
    return new ServerSettings(
        "127.0.0.1",
        0,
        dir.resolve("server.crt"),
        dir.resolve("server.key"),
        dir.resolve("ca.crt"));
  }

  /** TLS of a client with a certificate, or without one when the subject is "". */
  SSLContext client(String subject) throws GeneralSecurityException, IOException {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (!subject.isEmpty()) {
      KeyPair key = newKey();
      Certificate certificate = sign(new X500Name(subject), key);
      own.setKeyEntry("me", key.getPrivate(), new char[0], new Certificate[] {certificate});
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", ca);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}

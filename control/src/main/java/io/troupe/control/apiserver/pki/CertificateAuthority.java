package io.troupe.control.apiserver.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates with an ECDSA P-256 key. */
public final class CertificateAuthority {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * What a certificate says.
   *
   * @param names DNS names, or IP addresses in dotted or colon form
   */
  public record Subject(
      String commonName,
      List<String> organizations,
      List<String> names,
      boolean server,
      boolean client) {

    public static Subject client(String commonName, String... organizations) {
      return new Subject(commonName, List.of(organizations), List.of(), false, true);
    }
  }

  private final KeyPairFile own;

  public CertificateAuthority(KeyPairFile own) {
    this.own = own;
  }

  public KeyPairFile own() {
    return own;
  }

  /** Makes a new self-signed authority. */
  public static CertificateAuthority create(String commonName, Instant now, Duration life) {
    KeyPair keys = newKeys();
    Subject subject = new Subject(commonName, List.of(), List.of(), false, false);
    X509v3CertificateBuilder builder =
        builder(name(subject), name(subject), keys.getPublic(), now, life);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      int usage = KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.keyEncipherment;
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new CertificateAuthority(file(sign(builder, keys), keys));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot make a certificate authority", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes a key and a certificate for it. */
  public KeyPairFile issue(Subject subject, Instant now, Duration life) {
    KeyPair keys = newKeys();
    return file(issue(subject, keys.getPublic(), now, life), keys);
  }

  /** Signs a certificate for somebody else's key. */
  public X509Certificate issue(Subject subject, PublicKey key, Instant now, Duration life) {
    X500Name issuer =
        X500Name.getInstance(own.certificate().getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder = builder(issuer, name(subject), key, now, life);
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      int usage = KeyUsage.digitalSignature | KeyUsage.keyEncipherment;
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      builder.addExtension(Extension.extendedKeyUsage, false, purposes(subject));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(own.certificate()));
      if (!subject.names().isEmpty()) {
        builder.addExtension(
            Extension.subjectAlternativeName, false, alternativeNames(subject.names()));
      }
      return sign(builder, new KeyPair(own.certificate().getPublicKey(), own.key()));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IllegalStateException("cannot sign a certificate for " + subject.commonName(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExtendedKeyUsage purposes(Subject subject) {
    if (subject.server() && subject.client()) {
      return new ExtendedKeyUsage(
          new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth});
    }
    return new ExtendedKeyUsage(
        subject.server() ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth);
  }

  private static GeneralNames alternativeNames(List<String> names) {
    return new GeneralNames(
        names.stream()
            .map(
                n -> new GeneralName(isAddress(n) ? GeneralName.iPAddress : GeneralName.dNSName, n))
            .toArray(GeneralName[]::new));
  }

  private static boolean isAddress(String name) {
    return name.indexOf(':') >= 0 || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static X500Name name(Subject subject) {
    X500NameBuilder builder = new X500NameBuilder(BCStyle.INSTANCE);
    subject.organizations().forEach(o -> builder.addRDN(BCStyle.O, o));
    return builder.addRDN(BCStyle.CN, subject.commonName()).build();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, Duration life) {
    return new X509v3CertificateBuilder(
        issuer,
        new BigInteger(127, RANDOM).add(BigInteger.ONE),
        Date.from(now.minus(CLOCK_SKEW)),
        Date.from(now.plus(life)),
        subject,
        SubjectPublicKeyInfo.getInstance(key.getEncoded()));
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, KeyPair signer)
      throws OperatorCreationException, GeneralSecurityException {
    var contentSigner = new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
  }

  private static KeyPairFile file(X509Certificate certificate, KeyPair keys) {
    try {
      return new KeyPairFile(
          certificate,
          keys.getPrivate(),
          Pem.encode("CERTIFICATE", certificate.getEncoded()),
          Pem.encode("PRIVATE KEY", keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was just made has an encoding", e);
    }
  }

  static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has P-256", e);
    }
  }
}

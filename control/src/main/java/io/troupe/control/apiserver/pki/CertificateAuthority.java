package io.troupe.control.apiserver.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
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
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates with a key of its own; safe for any thread. */
public final class CertificateAuthority {
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Credential credential;

  CertificateAuthority(Credential credential) {
    this.credential = credential;
  }

  /** A new self-signed authority. */
  static Credential selfSigned(String commonName, Instant now, Duration lifetime) {
    KeyPair pair = newKeyPair();
    X500Name name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
    X509v3CertificateBuilder builder =
        builder(name, now.minus(CLOCK_SKEW), now.plus(lifetime), name, pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign | KeyUsage.keyEncipherment));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (CertIOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return new Credential(pair.getPrivate(), List.of(signed(builder, pair.getPrivate())));
  }

  public X509Certificate certificate() {
    return credential.certificate();
  }

  public String certificatePem() {
    return credential.certificatePem();
  }

  /** {@code sha256:<hex>} over the public key, as {@code kubeadm join} takes it. */
  public String hash() {
    try {
      byte[] spki = certificate().getPublicKey().getEncoded();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(spki);
      return "sha256:" + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A new key with a certificate. */
  public Credential issue(LeafRequest request, Instant now) {
    KeyPair pair = newKeyPair();
    return new Credential(pair.getPrivate(), List.of(sign(pair.getPublic(), request, now)));
  }

  /** A certificate for somebody else's key; never lives longer than the authority. */
  public X509Certificate sign(PublicKey key, LeafRequest request, Instant now) {
    X500Name issuer = X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded());
    Instant end = now.plus(request.lifetime());
    Instant last = certificate().getNotAfter().toInstant();
    X509v3CertificateBuilder builder =
        builder(issuer, now.minus(CLOCK_SKEW), end.isAfter(last) ? last : end, name(request), key);
    try {
      addExtensions(builder, request);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return signed(builder, credential.key());
  }

  private void addExtensions(X509v3CertificateBuilder builder, LeafRequest request)
      throws IOException, GeneralSecurityException {
    builder.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
    List<KeyPurposeId> purposes = new ArrayList<>();
    if (request.server()) {
      purposes.add(KeyPurposeId.id_kp_serverAuth);
    }
    if (request.client()) {
      purposes.add(KeyPurposeId.id_kp_clientAuth);
    }
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate().getPublicKey()));
    List<GeneralName> names = new ArrayList<>();
    request.dnsNames().forEach(n -> names.add(new GeneralName(GeneralName.dNSName, n)));
    request.addresses().forEach(a -> names.add(new GeneralName(GeneralName.iPAddress, a)));
    if (!names.isEmpty()) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
  }

  private static X500Name name(LeafRequest request) {
    X500NameBuilder name = new X500NameBuilder(BCStyle.INSTANCE);
    request.organizations().forEach(group -> name.addRDN(BCStyle.O, group));
    return name.addRDN(BCStyle.CN, request.commonName()).build();
  }

  private static X509v3CertificateBuilder builder(
      X500Name issuer, Instant from, Instant until, X500Name subject, PublicKey key) {
    BigInteger serial = new BigInteger(127, RANDOM).add(BigInteger.ONE);
    return new JcaX509v3CertificateBuilder(
        issuer, serial, Date.from(from), Date.from(until), subject, key);
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key) {
    try {
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(key);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException("signing with an own key", e);
    }
  }

  static KeyPair newKeyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has P-256", e);
    }
  }
}

package io.troupe.cli.cluster;

import io.troupe.control.apiserver.pki.CertificateAuthority;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.Pem;
import io.troupe.control.controllers.certificates.CertificateSigner;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** Signs approved certificate requests with the cluster's authority. */
final class RequestSigner implements CertificateSigner {
  private static final Duration LIFE = Duration.ofDays(365);

  private final CertificateAuthority authority;

  RequestSigner(CertificateAuthority authority) {
    this.authority = authority;
  }

  @Override
  public String sign(Request request) {
    try {
      JcaPKCS10CertificationRequest asked =
          new JcaPKCS10CertificationRequest(Pem.decode("CERTIFICATE REQUEST", request.requestPem()));
      var key = asked.getPublicKey();
      if (!asked.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new IllegalArgumentException("the request is not signed with its own key");
      }
      boolean server = request.usages().contains("server auth");
      boolean client = request.usages().contains("client auth");
      Subject subject =
          new Subject(one(asked, BCStyle.CN), all(asked, BCStyle.O), names(asked), server, client);
      Duration life = request.expiration() == null ? LIFE : request.expiration();
      return Pem.encode("CERTIFICATE", authority.issue(subject, key, Instant.now(), life).getEncoded());
    } catch (IOException | GeneralSecurityException | OperatorCreationException | PKCSException e) {
      throw new IllegalArgumentException("the certificate request cannot be read: " + e.getMessage(), e);
    }
  }

  private static String one(JcaPKCS10CertificationRequest asked, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
    List<String> all = all(asked, type);
    return all.isEmpty() ? "" : all.getFirst();
  }

  private static List<String> all(JcaPKCS10CertificationRequest asked, org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
    List<String> values = new ArrayList<>();
    for (RDN rdn : asked.getSubject().getRDNs(type)) {
      values.add(rdn.getFirst().getValue().toString());
    }
    return values;
  }

  private static List<String> names(JcaPKCS10CertificationRequest asked) throws IOException {
    List<String> names = new ArrayList<>();
    for (var attribute : asked.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
      Extensions extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
      GeneralNames found = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
      if (found != null) {
        for (GeneralName name : found.getNames()) {
          names.add(text(name));
        }
      }
    }
    return names;
  }

  private static String text(GeneralName name) throws IOException {
    if (name.getTagNo() != GeneralName.iPAddress) {
      return name.getName().toString();
    }
    byte[] bytes = org.bouncycastle.asn1.ASN1OctetString.getInstance(name.getName()).getOctets();
    return java.net.InetAddress.getByAddress(bytes).getHostAddress();
  }
}

package io.troupe.control.apiserver.pki;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/** Who a certificate speaks for: user and groups. */
public record Distinguished(String commonName, List<String> organizations) {

  public static Distinguished of(X509Certificate certificate) {
    X500Name name = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    String commonName = "";
    List<String> organizations = new ArrayList<>();
    for (RDN rdn : name.getRDNs()) {
      for (var part : rdn.getTypesAndValues()) {
        String value = IETFUtils.valueToString(part.getValue());
        if (part.getType().equals(BCStyle.CN)) {
          commonName = plain(value);
        } else if (part.getType().equals(BCStyle.O)) {
          organizations.add(plain(value));
        }
      }
    }
    return new Distinguished(commonName, List.copyOf(organizations));
  }

  /** Undoes RFC 2253's escapes. */
  private static String plain(String value) {
    return value.indexOf('\\') < 0 ? value : value.replaceAll("\\\\(.)", "$1");
  }
}

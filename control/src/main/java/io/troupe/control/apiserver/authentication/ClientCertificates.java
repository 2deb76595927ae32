package io.troupe.control.apiserver.authentication;

import io.troupe.control.apiserver.pki.Distinguished;
import io.troupe.persistence.store.Request.User;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a client certificate of the cluster's authority into a user: CN the name, O the groups. */
public final class ClientCertificates {
  private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USAGE = "2.5.29.37.0";

  private final X509Certificate authority;
  private final InstantSource clock;

  public ClientCertificates(X509Certificate authority, InstantSource clock) {
    this.authority = authority;
    this.clock = clock;
  }

  /** Empty when the certificates do not prove anything here and now. */
  public Optional<User> user(List<X509Certificate> chain) {
    try {
      X509Certificate leaf = chain.getFirst();
      List<String> usages = leaf.getExtendedKeyUsage();
      if (usages == null || (!usages.contains(CLIENT_AUTH) && !usages.contains(ANY_USAGE))) {
        return Optional.empty();
      }
      verify(chain);
      return Optional.of(user(leaf));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private void verify(List<X509Certificate> chain) throws GeneralSecurityException {
    PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
    parameters.setRevocationEnabled(false);
    parameters.setDate(Date.from(clock.instant()));
    List<X509Certificate> path = chain.stream().filter(c -> !c.equals(authority)).toList();
    CertPathValidator.getInstance("PKIX")
        .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
  }

  private static User user(X509Certificate leaf) throws GeneralSecurityException {
    Distinguished name = Distinguished.of(leaf);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded());
    return Users.authenticated(
        name.commonName(),
        "",
        name.organizations(),
        Map.of(
            "authentication.kubernetes.io/credential-id",
            List.of("X509SHA256=" + HexFormat.of().formatHex(digest))));
  }
}

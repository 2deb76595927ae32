package io.troupe.control.apiserver.authentication;

import io.troupe.api.client.ClusterView;
import io.troupe.persistence.store.Request.User;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Finds out who a request is from; a credential that is shown and wrong is refused, never ignored.
 */
public final class Authenticator {
  public static final User ANONYMOUS =
      new User("system:anonymous", "", List.of("system:unauthenticated"), Map.of(), "");

  private final ServiceAccountTokens serviceAccounts;
  private final BootstrapTokens bootstrapTokens;

  public Authenticator(ServiceAccountTokens serviceAccounts, ClusterView view) {
    this.serviceAccounts = serviceAccounts;
    this.bootstrapTokens = new BootstrapTokens(view);
  }

  /**
   * The user; empty when a credential is not good (401).
   *
   * @param certificateUser who the connection's verified client certificate names, or null
   * @param authorization the header, or ""
   */
  public Optional<User> authenticate(User certificateUser, String authorization, long nowMillis) {
    if (certificateUser != null) {
      return Optional.of(certificateUser);
    }
    if (authorization.isEmpty()) {
      return Optional.of(ANONYMOUS);
    }
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return Optional.empty();
    }
    String token = authorization.substring(7).strip();
    long seconds = nowMillis / 1_000;
    Optional<User> account =
        serviceAccounts
            .check(token, serviceAccounts.apiAudiences(), seconds)
            .map(ServiceAccountTokens.Checked::user);
    return account.isPresent() ? account : bootstrapTokens.check(token, seconds);
  }

  /**
   * The user that a verified certificate names: its common name, and its organizations as groups.
   */
  public static Optional<User> ofCertificate(X509Certificate certificate) {
    try {
      String name = "";
      List<String> groups = new ArrayList<>();
      for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          name = rdn.getValue().toString();
        } else if (rdn.getType().equalsIgnoreCase("O")) {
          groups.add(rdn.getValue().toString());
        }
      }
      groups.add("system:authenticated");
      return name.isEmpty()
          ? Optional.empty()
          : Optional.of(new User(name, "", groups, Map.of(), ""));
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
  }
}

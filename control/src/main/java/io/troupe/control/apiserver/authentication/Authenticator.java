package io.troupe.control.apiserver.authentication;

import io.troupe.control.apiserver.pki.Pki;
import io.troupe.persistence.store.Request.User;
import io.troupe.persistence.store.WatchCache;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out who is asking; safe for any thread. */
public final class Authenticator {
  /** A verified token is not verified again for so long, as upstream's token cache does. */
  private static final long TOKEN_CACHED_MILLIS = 10_000;

  private static final int TOKENS_CACHED_MAX = 20_000;

  private record CachedToken(User user, long untilMillis) {}

  private final ClientCertificates certificates;
  private final ServiceAccountTokens serviceAccounts;
  private final BootstrapTokens bootstrap;
  private final List<String> audiences;
  private final InstantSource clock;
  private final Map<String, CachedToken> tokens = new ConcurrentHashMap<>();

  /** Accepts tokens for any of the audiences. */
  public Authenticator(
      Pki pki, ServiceAccountTokens serviceAccounts, WatchCache cache, List<String> audiences) {
    this.clock = pki.clock();
    this.certificates = new ClientCertificates(pki.authority().certificate(), clock);
    this.serviceAccounts = serviceAccounts;
    this.bootstrap = new BootstrapTokens(cache, clock);
    this.audiences = List.copyOf(audiences);
  }

  public List<String> audiences() {
    return audiences;
  }

  /** Who a connection speaks for by its certificates; empty for none or unknown ones. */
  public Optional<User> byCertificate(List<X509Certificate> chain) {
    return certificates.user(chain);
  }

  /** Who a bearer token speaks for; empty when the token is no good. */
  public Optional<User> byToken(String token) {
    long now = clock.millis();
    CachedToken cached = tokens.get(token);
    if (cached != null && now < cached.untilMillis) {
      return Optional.of(cached.user);
    }
    Optional<User> user = verified(token);
    if (tokens.size() >= TOKENS_CACHED_MAX) {
      tokens.clear();
    }
    user.ifPresentOrElse(
        u -> tokens.put(token, new CachedToken(u, now + TOKEN_CACHED_MILLIS)),
        () -> tokens.remove(token));
    return user;
  }

  private Optional<User> verified(String token) {
    return serviceAccounts
        .verify(token)
        .filter(v -> v.audiences().stream().anyMatch(audiences::contains))
        .map(ServiceAccountTokens.Verified::user)
        .or(() -> bootstrap.user(token));
  }
}

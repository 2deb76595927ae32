package io.troupe.control.apiserver.pki;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A private key and the certificates that speak for it, the key's own first. */
public record Credential(PrivateKey key, List<X509Certificate> chain) {
  public Credential {
    chain = List.copyOf(chain);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  public String certificatePem() {
    return Pem.certificates(chain);
  }

  public String keyPem() {
    return Pem.key(key);
  }

  /** Whether a third or less of the lifetime is left. */
  boolean isDue(Instant now) {
    Instant from = certificate().getNotBefore().toInstant();
    Instant until = certificate().getNotAfter().toInstant();
    Duration third = Duration.between(from, until).dividedBy(3);
    return now.isAfter(until.minus(third)) || now.isBefore(from);
  }
}

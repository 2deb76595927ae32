package io.troupe.persistence;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How this JVM takes part in the Pekko cluster.
 *
 * @param host the address to bind and to be known by
 * @param port 0 for any free one
 * @param seeds other members' addresses as {@code host:port}; when empty the member forms a cluster
 *     of its own
 * @param roles for example {@code zone-a}
 * @param tls mutual TLS between members; absent only on loopback
 */
public record MemberSettings(
    String host, int port, List<String> seeds, List<String> roles, Optional<Tls> tls) {
  /** The actor system's name, which is part of every member's address. */
  public static final String SYSTEM = "troupe";

  /**
   * PEM files, read again every few minutes, so that they may be renewed without a restart. All
   * members' certificates must have one and the same subject, which no other certificate of the CA
   * has.
   */
  public record Tls(Path key, Path certificate, Path caCertificate) {}

  /** A cluster of one on loopback. */
  public static MemberSettings alone() {
    return new MemberSettings("127.0.0.1", 0, List.of(), List.of(), Optional.empty());
  }

  /** The configuration for {@code ActorSystem.create(…, SYSTEM, config)}. */
  public Config config() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pekko.remote.artery.canonical.hostname", host);
    values.put("pekko.remote.artery.canonical.port", port);
    values.put("pekko.cluster.roles", roles);
    String protocol = "pekko://" + SYSTEM + "@";
    values.put("pekko.cluster.seed-nodes", seeds.stream().map(s -> protocol + s).toList());
    tls.ifPresent(
        files -> {
          values.put("pekko.remote.artery.transport", "tls-tcp");
          values.put("pekko.remote.artery.ssl.ssl-engine-provider", MemberTls.class.getName());
          values.put(MemberTls.PATH + ".key", files.key().toString());
          values.put(MemberTls.PATH + ".certificate", files.certificate().toString());
          values.put(MemberTls.PATH + ".ca-certificate", files.caCertificate().toString());
        });
    return ConfigFactory.parseMap(values)
        .withFallback(ConfigFactory.parseResources("troupe-persistence.conf"))
        .withFallback(ConfigFactory.defaultReference())
        .resolve();
  }
}

package io.troupe.control.apiserver.authentication;

import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Request.User;
import io.troupe.persistence.store.WatchCache;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tokens {@code <id>.<secret>} that stand as Secrets in kube-system and let a node join. */
final class BootstrapTokens {
  private static final Pattern SHAPE = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern GROUP =
      Pattern.compile("\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z");

  private final WatchCache cache;
  private final InstantSource clock;

  BootstrapTokens(WatchCache cache, InstantSource clock) {
    this.cache = cache;
    this.clock = clock;
  }

  Optional<User> user(String token) {
    Matcher matcher = SHAPE.matcher(token);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String id = matcher.group(1);
    CachedObject secret =
        cache.find(Resources.SECRETS.key("kube-system", "bootstrap-token-" + id));
    return secret != null && holds(secret, id, matcher.group(2))
        ? Optional.of(
            Users.authenticated("system:bootstrap:" + id, "", groups(secret), Map.of()))
        : Optional.empty();
  }

  private boolean holds(CachedObject secret, String id, String word) {
    byte[] given = word.getBytes(StandardCharsets.US_ASCII);
    byte[] wanted = data(secret, "token-secret").getBytes(StandardCharsets.UTF_8);
    return Json.text(secret.tree(), "type").equals("bootstrap.kubernetes.io/token")
        && !Meta.isDeleting(secret.tree())
        && data(secret, "token-id").equals(id)
        && MessageDigest.isEqual(given, wanted)
        && data(secret, "usage-bootstrap-authentication").equals("true")
        && !isExpired(data(secret, "expiration"));
  }

  private boolean isExpired(String expiration) {
    if (expiration.isEmpty()) {
      return false;
    }
    try {
      return clock.instant().isAfter(Instant.parse(expiration));
    } catch (DateTimeException e) {
      return true;
    }
  }

  private static List<String> groups(CachedObject secret) {
    List<String> groups = new ArrayList<>(List.of("system:bootstrappers"));
    for (String group : data(secret, "auth-extra-groups").split(",")) {
      if (GROUP.matcher(group.strip()).matches()) {
        groups.add(group.strip());
      }
    }
    return groups;
  }

  private static String data(CachedObject secret, String key) {
    String encoded = Json.text(secret.tree(), "data", key);
    try {
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }
}

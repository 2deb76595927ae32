package io.troupe.control.apiserver.authentication;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Request.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bootstrap tokens ({@code id.secret}, kept as Secrets in kube-system), with which a new node asks
 * for a certificate.
 */
final class BootstrapTokens {
  private static final Pattern FORM = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");

  private final ClusterView view;

  BootstrapTokens(ClusterView view) {
    this.view = view;
  }

  Optional<User> check(String token, long nowSeconds) {
    Matcher form = FORM.matcher(token);
    if (!form.matches()) {
      return Optional.empty();
    }
    return view.find(Resources.SECRETS, "kube-system", "bootstrap-token-" + form.group(1))
        .filter(s -> isGood(s, form.group(1), form.group(2), nowSeconds))
        .map(s -> user(s, form.group(1)));
  }

  private static boolean isGood(ObjectNode secret, String id, String wanted, long nowSeconds) {
    byte[] held = value(secret, "token-secret").getBytes(StandardCharsets.UTF_8);
    return Json.text(secret, "type").equals("bootstrap.kubernetes.io/token")
        && value(secret, "token-id").equals(id)
        && MessageDigest.isEqual(held, wanted.getBytes(StandardCharsets.UTF_8))
        && value(secret, "usage-bootstrap-authentication").equals("true")
        && !isExpired(value(secret, "expiration"), nowSeconds);
  }

  private static boolean isExpired(String expiration, long nowSeconds) {
    try {
      return !expiration.isEmpty()
          && OffsetDateTime.parse(expiration).toEpochSecond() <= nowSeconds;
    } catch (DateTimeException unreadable) {
      return true;
    }
  }

  private static User user(ObjectNode secret, String id) {
    List<String> groups = new ArrayList<>();
    groups.add("system:bootstrappers");
    Arrays.stream(value(secret, "auth-extra-groups").split(","))
        .map(String::strip)
        .filter(g -> g.startsWith("system:bootstrappers:"))
        .forEach(groups::add);
    groups.add("system:authenticated");
    return new User("system:bootstrap:" + id, "", groups, Map.of(), "");
  }

  private static String value(ObjectNode secret, String field) {
    String text = Json.text(secret, "data", field);
    try {
      return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notBase64) {
      return "";
    }
  }
}

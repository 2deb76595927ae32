package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;

/** A compiled PolicyRule of a Role or ClusterRole. */
public record Rule(
    List<String> verbs,
    List<String> groups,
    List<String> resources,
    List<String> names,
    List<String> paths) {

  static Rule of(JsonNode rule) {
    return new Rule(
        texts(rule, "verbs"),
        texts(rule, "apiGroups"),
        texts(rule, "resources"),
        texts(rule, "resourceNames"),
        texts(rule, "nonResourceURLs"));
  }

  private static List<String> texts(JsonNode rule, String field) {
    return Json.items(rule, field).stream().map(JsonNode::asText).map(String::intern).toList();
  }

  boolean allows(Attributes wanted) {
    if (!has(verbs, wanted.verb())) {
      return false;
    }
    return wanted.isResource() ? allowsResource(wanted) : allowsPath(wanted.path());
  }

  private boolean allowsResource(Attributes wanted) {
    return has(groups, wanted.group())
        && hasResource(wanted)
        && (names.isEmpty() || names.contains(wanted.name()));
  }

  private boolean hasResource(Attributes wanted) {
    String subresource = wanted.subresource();
    for (String resource : resources) {
      if (resource.equals("*")) {
        return true;
      }
      if (subresource.isEmpty()
          ? resource.equals(wanted.resource())
          : isSubresource(resource, wanted)) {
        return true;
      }
    }
    return false;
  }

  /** {@code pods/log} or {@code *}{@code /log}. */
  private static boolean isSubresource(String rule, Attributes wanted) {
    int slash = rule.indexOf('/');
    if (slash < 0 || !rule.substring(slash + 1).equals(wanted.subresource())) {
      return false;
    }
    return (slash == wanted.resource().length() && rule.startsWith(wanted.resource()))
        || (slash == 1 && rule.charAt(0) == '*');
  }

  private boolean allowsPath(String path) {
    for (String allowed : paths) {
      if (allowed.equals("*")
          || allowed.equals(path)
          || (allowed.endsWith("*")
              && path.startsWith(allowed.substring(0, allowed.length() - 1)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<String> list, String wanted) {
    for (String item : list) {
      if (item.equals(wanted) || item.equals("*")) {
        return true;
      }
    }
    return false;
  }
}

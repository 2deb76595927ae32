package io.troupe.control.apiserver.authorization;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;

/** One {@code PolicyRule} of RBAC. */
public record Rule(
    List<String> verbs,
    List<String> groups,
    List<String> resources,
    List<String> names,
    List<String> paths) {

  public static Rule of(JsonNode rule) {
    return new Rule(
        texts(rule, "verbs"),
        texts(rule, "apiGroups"),
        texts(rule, "resources"),
        texts(rule, "resourceNames"),
        texts(rule, "nonResourceURLs"));
  }

  private static List<String> texts(JsonNode rule, String field) {
    return Json.items(rule, field).stream().map(JsonNode::asText).toList();
  }

  boolean allows(Attributes a) {
    if (!has(verbs, a.verb())) {
      return false;
    }
    return a.isResource()
        ? has(groups, a.group())
            && resourceMatches(a)
            && (names.isEmpty() || names.contains(a.name()))
        : paths.stream().anyMatch(p -> pathMatches(p, a.path()));
  }

  private static boolean has(List<String> list, String value) {
    return list.contains("*") || list.contains(value);
  }

  private boolean resourceMatches(Attributes a) {
    return has(resources, a.ruleResource())
        || (!a.subresource().isEmpty() && resources.contains("*/" + a.subresource()));
  }

  private static boolean pathMatches(String pattern, String path) {
    return pattern.equals("*")
        || pattern.equals(path)
        || (pattern.endsWith("*") && path.startsWith(pattern.substring(0, pattern.length() - 1)));
  }

  /** Whether this rule alone covers everything that the other, a single permission, grants. */
  boolean covers(Rule other) {
    return all(verbs, other.verbs)
        && (other.paths.isEmpty()
            ? all(groups, other.groups)
                && other.resources.stream().allMatch(this::coversResource)
                && (names.isEmpty() || (!other.names.isEmpty() && names.containsAll(other.names)))
            : other.paths.stream()
                .allMatch(p -> paths.stream().anyMatch(own -> pathMatches(own, p))));
  }

  private boolean coversResource(String resource) {
    int slash = resource.indexOf('/');
    return has(resources, resource)
        || (slash >= 0 && resources.contains("*" + resource.substring(slash)));
  }

  private static boolean all(List<String> own, List<String> wanted) {
    return own.contains("*") || own.containsAll(wanted);
  }
}

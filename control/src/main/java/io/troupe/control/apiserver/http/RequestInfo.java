package io.troupe.control.apiserver.http;

import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.FieldSelector;
import java.util.List;
import java.util.Set;

/**
 * What a path and method ask for, read as upstream's {@code RequestInfo} is.
 *
 * @param resourceRequest whether the path names a resource; else only path and verb count
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create} …; the lower-case method for
 *     other paths
 * @param fieldSelector of a list, watch or deletecollection, as its text
 * @param rest path segments after the subresource, for proxies
 */
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String name,
    String subresource,
    String fieldSelector,
    List<String> rest) {

  private static final Set<String> NAMESPACE_SUBRESOURCES = Set.of("status", "finalize");

  /**
   * Reads a request line.
   *
   * @param segments the decoded path segments
   * @param watching whether the query asks for a watch
   * @param fieldSelector of the query, or ""
   */
  public static RequestInfo of(
      String method, String path, List<String> segments, boolean watching, String fieldSelector) {
    int first = prefixLength(segments);
    if (first == 0 || segments.size() <= first) {
      return plain(method, path);
    }
    String group = first == 2 ? "" : segments.get(1);
    String version = segments.get(first - 1);
    List<String> parts = segments.subList(first, segments.size());
    boolean oldWatch = parts.getFirst().equals("watch") && parts.size() > 1;
    if (oldWatch) {
      parts = parts.subList(1, parts.size());
    }
    String namespace = "";
    if (parts.getFirst().equals("namespaces") && parts.size() > 1) {
      namespace = parts.get(1);
      boolean inside = parts.size() > 2 && !NAMESPACE_SUBRESOURCES.contains(parts.get(2));
      if (inside) {
        parts = parts.subList(2, parts.size());
      }
    }
    String resource = parts.getFirst();
    String name = parts.size() > 1 ? parts.get(1) : "";
    String subresource = parts.size() > 2 ? parts.get(2) : "";
    List<String> rest = parts.size() > 3 ? List.copyOf(parts.subList(3, parts.size())) : List.of();
    String verb = verb(method, name, subresource, watching || oldWatch);
    boolean selects =
        verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
    if (selects && name.isEmpty() && !verb.equals("deletecollection")) {
      name = onlyName(fieldSelector);
    }
    return new RequestInfo(
        true,
        path,
        verb,
        group,
        version,
        namespace,
        resource,
        name,
        subresource,
        selects ? fieldSelector : "",
        rest);
  }

  /** The name that a selector demands, so that rights on one object suffice. */
  private static String onlyName(String fieldSelector) {
    if (!fieldSelector.contains("metadata.name")) {
      return "";
    }
    try {
      return FieldSelector.parse(fieldSelector).exactValue("metadata.name").orElse("");
    } catch (RefusedException e) {
      return "";
    }
  }

  private static int prefixLength(List<String> segments) {
    if (segments.isEmpty()) {
      return 0;
    }
    return switch (segments.getFirst()) {
      case "api" -> 2;
      case "apis" -> 3;
      default -> 0;
    };
  }

  static RequestInfo plain(String method, String path) {
    String verb = method.toLowerCase(java.util.Locale.ROOT);
    return new RequestInfo(false, path, verb, "", "", "", "", "", "", "", List.of());
  }

  private static String verb(String method, String name, String subresource, boolean watching) {
    return switch (method) {
      case "POST" -> "create";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> name.isEmpty() ? "deletecollection" : "delete";
      case "GET", "HEAD" -> {
        if (!subresource.isEmpty()) {
          yield "get";
        }
        if (watching) {
          yield "watch";
        }
        yield name.isEmpty() ? "list" : "get";
      }
      default -> method.toLowerCase(java.util.Locale.ROOT);
    };
  }

  /** {@code pods} or {@code pods/log}, as rules name it. */
  public String ruleResource() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }
}

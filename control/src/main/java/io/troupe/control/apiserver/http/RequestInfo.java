package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.FieldSelector;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a request is about, as apiserver/pkg/endpoints/request reads it.
 *
 * @param resourceRequest whether the path names a resource; else only path and verb mean something
 * @param verb get, list, watch, create, update, patch, delete, deletecollection, proxy; the method
 *     in lower case for other paths
 * @param rest what follows the subresource ({@code proxy/…}), with its slash, or ""
 */
public record RequestInfo(
    boolean resourceRequest,
    String path,
    String verb,
    String group,
    String version,
    String namespace,
    String resource,
    String subresource,
    String name,
    String fieldSelector,
    String labelSelector,
    String rest) {
  private static final String NONE = "";

  /** Reads a decoded path. */
  public static RequestInfo of(String method, String rawPath, Query query) {
    String path = decode(rawPath);
    String[] parts = split(path);
    boolean core = parts.length >= 3 && parts[0].equals("api");
    boolean grouped = parts.length >= 4 && parts[0].equals("apis");
    if (!core && !grouped) {
      return nonResource(method, path);
    }
    return resource(method, path, parts, core ? 1 : 2, query);
  }

  private static RequestInfo resource(
      String method, String path, String[] parts, int versionAt, Query query) {
    String group = versionAt == 1 ? NONE : parts[1];
    String version = parts[versionAt];
    int at = versionAt + 1;
    String verb = verb(method);
    boolean viaPath = parts[at].equals("watch") || parts[at].equals("proxy");
    if (viaPath) {
      verb = parts[at];
      at++;
      if (at == parts.length) {
        throw new RefusedException(
            Refusal.badRequest("unable to determine kind and namespace from url, " + path));
      }
    }
    String namespace = NONE;
    if (parts[at].equals("namespaces") && parts.length > at + 1) {
      namespace = parts[at + 1];
      if (parts.length > at + 2 && !isNamespaceSubresource(parts[at + 2])) {
        at += 2;
      }
    }
    String name = parts.length > at + 1 ? parts[at + 1] : NONE;
    boolean hasSubresource = parts.length > at + 2 && !(viaPath && verb.equals("proxy"));
    String subresource = hasSubresource ? parts[at + 2] : NONE;
    String fields = NONE;
    if (name.isEmpty() && verb.equals("get")) {
      verb = query.flag("watch") ? "watch" : "list";
      name = selectedName(query.first("fieldSelector"));
    } else if (name.isEmpty() && verb.equals("delete")) {
      verb = "deletecollection";
    }
    String labels = NONE;
    if (!viaPath && isSelecting(verb)) {
      fields = query.first("fieldSelector");
      labels = query.first("labelSelector");
    }
    return new RequestInfo(
        true,
        path,
        verb,
        group,
        version,
        namespace,
        parts[at],
        subresource,
        name,
        fields,
        labels,
        rest(path, parts, at + 3));
  }

  private static RequestInfo nonResource(String method, String path) {
    String verb = method.toLowerCase(java.util.Locale.ROOT);
    return new RequestInfo(
        false, path, verb, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);
  }

  private static String verb(String method) {
    return switch (method) {
      case "POST" -> "create";
      case "GET", "HEAD" -> "get";
      case "PUT" -> "update";
      case "PATCH" -> "patch";
      case "DELETE" -> "delete";
      default -> NONE;
    };
  }

  private static boolean isNamespaceSubresource(String part) {
    return part.equals("status") || part.equals("finalize");
  }

  private static boolean isSelecting(String verb) {
    return verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
  }

  private static String selectedName(String fieldSelector) {
    if (!fieldSelector.contains("metadata.name")) {
      return NONE;
    }
    try {
      return FieldSelector.parse(fieldSelector)
          .exactValue("metadata.name")
          .filter(n -> !n.equals(".") && !n.equals("..") && !n.contains("/") && !n.contains("%"))
          .orElse(NONE);
    } catch (RefusedException e) {
      // The verb's handler says what is wrong with the selector.
      return NONE;
    }
  }

  private static String rest(String path, String[] parts, int from) {
    if (parts.length <= from) {
      return path.endsWith("/") ? "/" : NONE;
    }
    String joined = "/" + String.join("/", Arrays.asList(parts).subList(from, parts.length));
    return path.endsWith("/") ? joined + "/" : joined;
  }

  private static String[] split(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return start == end ? new String[0] : segments(path, start, end);
  }

  private static String[] segments(String path, int start, int end) {
    int count = 1;
    for (int i = start; i < end; i++) {
      if (path.charAt(i) == '/') {
        count++;
      }
    }
    String[] parts = new String[count];
    int from = start;
    for (int part = 0; part < count; part++) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 || slash > end ? end : slash;
      parts[part] = path.substring(from, to);
      from = to + 1;
    }
    return parts;
  }

  private static String decode(String path) {
    if (path.indexOf('%') < 0) {
      return path;
    }
    try {
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(Refusal.badRequest("invalid URL escape in the path"));
    }
  }

  /** {@code resource} or {@code resource/subresource}. */
  public String resourcePath() {
    return subresource.isEmpty() ? resource : resource + "/" + subresource;
  }

}

package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Query parameters; absent ones are "". */
public final class Query {
  private static final Query NONE = new Query(Map.of());

  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Reads the part of a URL after the question mark; null for none. */
  public static Query parse(String text) {
    if (text == null || text.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (!name.isEmpty()) {
        values.computeIfAbsent(decode(name), k -> new ArrayList<>()).add(decode(value));
      }
    }
    return new Query(values);
  }

  private static String decode(String text) {
    try {
      return text.indexOf('%') < 0 && text.indexOf('+') < 0
          ? text
          : URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Refusal.badRequest("invalid URL escape in the query: " + e.getMessage()));
    }
  }

  public String text(String name) {
    List<String> found = values.get(name);
    return found == null ? "" : found.getFirst();
  }

  public List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** True for {@code true}, {@code 1} and the bare name. */
  public boolean flag(String name) {
    String value = text(name);
    return has(name) && (value.isEmpty() || value.equals("1") || value.equalsIgnoreCase("true"));
  }

  /** The integer, or the fallback when absent; a 400 when it is no integer. */
  public long number(String name, long fallback) {
    String value = text(name);
    if (value.isEmpty()) {
      return fallback;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      String quoted = "strconv.ParseInt: parsing \"" + value + "\": invalid syntax";
      throw new RefusedException(Refusal.badRequest(quoted));
    }
  }
}

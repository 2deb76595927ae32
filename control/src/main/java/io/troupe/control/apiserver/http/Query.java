package io.troupe.control.apiserver.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The query of a URL: names and decoded values, in order. */
public final class Query {
  public static final Query EMPTY = new Query(List.of());

  private record Parameter(String name, String value) {}

  private final List<Parameter> parameters;

  private Query(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /** Reads the part after the question mark; what cannot be decoded is taken as it is. */
  public static Query parse(String raw) {
    if (raw == null || raw.isEmpty()) {
      return EMPTY;
    }
    List<Parameter> parameters = new ArrayList<>(4);
    int start = 0;
    while (start <= raw.length()) {
      int end = raw.indexOf('&', start);
      end = end < 0 ? raw.length() : end;
      if (end > start) {
        int equals = raw.indexOf('=', start);
        boolean bare = equals < 0 || equals > end;
        parameters.add(
            new Parameter(
                decode(raw.substring(start, bare ? end : equals)),
                bare ? "" : decode(raw.substring(equals + 1, end))));
      }
      start = end + 1;
    }
    return new Query(parameters);
  }

  /** The first value, "" when there is none. */
  public String first(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name.equals(name)) {
        return parameter.value;
      }
    }
    return "";
  }

  public boolean has(String name) {
    return parameters.stream().anyMatch(p -> p.name.equals(name));
  }

  public List<String> all(String name) {
    return parameters.stream().filter(p -> p.name.equals(name)).map(Parameter::value).toList();
  }

  /** A boolean as upstream reads it: any value but false and 0 is true, also none. */
  public boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    String value = first(name);
    return !value.equalsIgnoreCase("false") && !value.equals("0");
  }

  static String decode(String text) {
    if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
      return text;
    }
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}

package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Splits a request path into decoded segments, refusing what could be read in two ways. */
final class Paths {
  private Paths() {}

  static List<String> segments(String path) {
    List<String> segments = new ArrayList<>(8);
    int from = 1;
    while (from <= path.length()) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      if (to > from) {
        segments.add(decode(path.substring(from, to)));
      }
      from = to + 1;
    }
    return segments;
  }

  private static String decode(String segment) {
    if (segment.indexOf('%') < 0) {
      return segment;
    }
    try {
      String decoded = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
      if (decoded.indexOf('/') < 0 && decoded.indexOf('|') < 0 && !decoded.equals("..")) {
        return decoded;
      }
    } catch (IllegalArgumentException malformed) {
      throw new RefusedException(Refusal.badRequest("invalid URL escape in the path"));
    }
    throw new RefusedException(Refusal.badRequest("invalid path segment"));
  }
}

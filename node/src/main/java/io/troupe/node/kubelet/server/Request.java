package io.troupe.node.kubelet.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The head of an HTTP/1.1 request.
 *
 * @param target path and query as sent
 * @param headers as sent, in order
 */
record Request(
    String method,
    String target,
    String path,
    Map<String, List<String>> query,
    List<Map.Entry<String, String>> headers) {
  private static final int HEAD_BYTES_MAX = 64 * 1024;

  /** Reads a head and leaves the stream at what follows; null at the end of the stream. */
  static Request read(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return null;
      }
      head.append((char) b);
      if (head.length() > HEAD_BYTES_MAX) {
        throw new IOException("the head of a request is too long");
      }
    }
    String[] lines = head.toString().split("\r\n");
    String[] first = lines[0].split(" ");
    if (first.length != 3 || !first[1].startsWith("/")) {
      throw new IOException("not an HTTP request");
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0) {
        headers.add(
            Map.entry(lines[i].substring(0, colon).strip(), lines[i].substring(colon + 1).strip()));
      }
    }
    int mark = first[1].indexOf('?');
    String path = mark < 0 ? first[1] : first[1].substring(0, mark);
    return new Request(
        first[0],
        first[1],
        decode(path.replace("+", "%2B")),
        mark < 0 ? Map.of() : query(first[1].substring(mark + 1)),
        headers);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, List<String>> query(String text) {
    Map<String, List<String>> query = new LinkedHashMap<>();
    for (String part : text.split("&")) {
      String[] pair = part.split("=", 2);
      query
          .computeIfAbsent(decode(pair[0]), k -> new ArrayList<>())
          .add(pair.length > 1 ? decode(pair[1]) : "");
    }
    return query;
  }

  String header(String name) {
    return headers.stream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }

  String parameter(String name) {
    return query.getOrDefault(name, List.of("")).getFirst();
  }

  boolean flag(String name) {
    String value = parameter(name);
    return value.equals("true") || value.equals("1");
  }
}

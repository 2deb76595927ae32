package io.troupe.api.client.http;

import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.object.Resource;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Builds the address of a request, escaping names and values. */
final class RequestUrl {
  private final StringBuilder text;
  private char separator = '?';

  private RequestUrl(String start) {
    text = new StringBuilder(start);
  }

  static RequestUrl collection(ApiServer server, Resource type, String namespace) {
    return new RequestUrl(server.base() + type.path(type.namespaced() ? escape(namespace) : ""));
  }

  static RequestUrl object(ApiServer server, Resource type, String namespace, String name) {
    return collection(server, type, namespace).step(name);
  }

  /** One more path segment; nothing for "". */
  RequestUrl step(String segment) {
    if (!segment.isEmpty()) {
      text.append('/').append(escape(segment));
    }
    return this;
  }

  /** A query parameter; nothing when the value is "". */
  RequestUrl with(String name, String value) {
    if (!value.isEmpty()) {
      text.append(separator).append(name).append('=').append(escape(value));
      separator = '&';
    }
    return this;
  }

  RequestUrl with(ListOptions options) {
    return with("labelSelector", options.labelSelector())
        .with("fieldSelector", options.fieldSelector())
        .with("resourceVersion", options.resourceVersion())
        .with("limit", options.limit() == 0 ? "" : Integer.toString(options.limit()))
        .with("continue", options.continueToken());
  }

  URI uri() {
    return URI.create(text.toString());
  }

  private static String escape(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }
}

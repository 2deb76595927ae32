package io.troupe.control.apiserver.rest;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import java.util.Locale;

/**
 * In which form an answer is wanted, from the {@code Accept} header: media type and, for JSON and
 * protobuf, whether as the object, as a {@code Table}, or as its metadata alone.
 */
record Form(Media media, Shape shape, boolean pretty) {
  Form(Media media, Shape shape) {
    this(media, shape, false);
  }

  /** How bytes are written. */
  enum Media {
    JSON("application/json"),
    YAML("application/yaml"),
    PROTOBUF("application/vnd.kubernetes.protobuf");

    private final String type;

    Media(String type) {
      this.type = type;
    }

    String type() {
      return type;
    }
  }

  /** What is shown of an object. */
  enum Shape {
    OBJECT,
    TABLE,
    METADATA
  }

  static final Form PLAIN = new Form(Media.JSON, Shape.OBJECT);

  boolean isPlain() {
    return media == Media.JSON && shape == Shape.OBJECT && !pretty;
  }

  /** The form that a request asks for; people who look with curl get it indented. */
  static Form of(Exchange exchange, boolean protobufHere) {
    Form form = of(exchange.header("Accept"), protobufHere);
    return isPretty(exchange) ? new Form(form.media(), form.shape(), true) : form;
  }

  /**
   * The form for an answer that has neither columns nor metadata: only the whole object will do.
   */
  static Form whole(Exchange exchange, boolean protobufHere) {
    Form form = of(exchange.header("Accept"), protobufHere, false);
    return isPretty(exchange) ? new Form(form.media(), form.shape(), true) : form;
  }

  private static boolean isPretty(Exchange exchange) {
    if (exchange.query().has("pretty")) {
      return exchange.query().flag("pretty");
    }
    String agent = exchange.header("User-Agent");
    return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
  }

  /**
   * The first offered form that is had.
   *
   * @throws RefusedException 406 when none is
   */
  static Form of(String accept, boolean protobufHere) {
    return of(accept, protobufHere, true);
  }

  private static Form of(String accept, boolean protobufHere, boolean shapes) {
    if (accept.isEmpty() || accept.equals("application/json") || accept.equals("*/*")) {
      return PLAIN;
    }
    for (String offer : accept.split(",")) {
      Form form = read(offer.strip(), protobufHere);
      if (form != null && (shapes || form.shape() == Shape.OBJECT)) {
        return form;
      }
    }
    throw new RefusedException(
        Refusal.notAcceptable(
            "only the following media types are accepted: application/json, application/yaml, "
                + "application/vnd.kubernetes.protobuf"));
  }

  private static Form read(String offer, boolean protobufHere) {
    String[] parts = offer.split(";");
    Media media =
        switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
          case "application/json", "*/*", "application/*" -> Media.JSON;
          case "application/yaml" -> Media.YAML;
          case "application/vnd.kubernetes.protobuf" -> protobufHere ? Media.PROTOBUF : null;
          default -> null;
        };
    Shape shape = Shape.OBJECT;
    for (int i = 1; i < parts.length && media != null; i++) {
      switch (parts[i].strip()) {
        case "as=Table" -> shape = Shape.TABLE;
        case "as=PartialObjectMetadata", "as=PartialObjectMetadataList" -> shape = Shape.METADATA;
        case "g=meta.k8s.io", "v=v1" -> {}
        case "v=v1beta1" -> media = null;
        default -> {}
      }
    }
    if (media == null || (media == Media.PROTOBUF && shape == Shape.TABLE)) {
      return null;
    }
    return new Form(media, shape);
  }
}

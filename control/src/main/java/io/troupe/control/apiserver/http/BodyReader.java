package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Collects a request's body up to a limit. */
public final class BodyReader {
  /** Upstream's {@code MaxRequestBodyBytes}. */
  public static final int BYTES_MAX = 3 * 1024 * 1024;

  private static final byte[] NOTHING = new byte[0];

  private final Exchange exchange;
  private final Consumer<byte[]> then;
  private Buffer collected;
  private boolean refused;

  private BodyReader(Exchange exchange, Consumer<byte[]> then) {
    this.exchange = exchange;
    this.then = then;
  }

  /** Hands the whole body on, or answers 413; called before the request's first pause. */
  public static void read(Exchange exchange, Consumer<byte[]> then) {
    BodyReader reader = new BodyReader(exchange, then);
    HttpServerRequest request = exchange.request();
    request.handler(reader::add);
    request.endHandler(v -> reader.end());
    request.exceptionHandler(e -> {});
    request.resume();
  }

  private void add(Buffer part) {
    int size = part.length() + (collected == null ? 0 : collected.length());
    if (size > BYTES_MAX) {
      refuse();
    } else if (collected == null) {
      collected = part.copy();
    } else {
      collected.appendBuffer(part);
    }
  }

  private void refuse() {
    if (!refused) {
      refused = true;
      collected = Buffer.buffer();
      exchange.request().handler(part -> {});
      exchange.refuse(
          Refusal.tooLarge("Request entity too large: limit is " + BYTES_MAX));
    }
  }

  private void end() {
    if (refused) {
      return;
    }
    try {
      then.accept(collected == null ? NOTHING : collected.getBytes());
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }
}

package io.troupe.control.apiserver.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.persistence.store.Request.User;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way: who, what, and how to answer. Answer methods may be called from any
 * thread; the writing is done on the connection's event loop.
 */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final String JSON = "application/json";

  private final HttpServerRequest request;
  private final ContextInternal context;
  private final RequestInfo info;
  private final Query query;
  private final String requestId;
  private final long startMillis;
  private User user;
  private Consumer<Integer> onAnswered = code -> {};

  Exchange(
      HttpServerRequest request,
      ContextInternal context,
      RequestInfo info,
      Query query,
      String requestId,
      long startMillis) {
    this.request = request;
    this.context = context;
    this.info = info;
    this.query = query;
    this.requestId = requestId;
    this.startMillis = startMillis;
  }

  public HttpServerRequest request() {
    return request;
  }

  public RequestInfo info() {
    return info;
  }

  public Query query() {
    return query;
  }

  public User user() {
    return user;
  }

  void user(User authenticated) {
    this.user = authenticated;
  }

  void onAnswered(Consumer<Integer> listener) {
    this.onAnswered = listener;
  }

  public String requestId() {
    return requestId;
  }

  /** Wall clock when the request came, milliseconds since the epoch. */
  public long startMillis() {
    return startMillis;
  }

  public String header(String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }

  /** Runs on the event loop of the connection. */
  public void onLoop(Runnable action) {
    if (context.inThread()) {
      action.run();
    } else {
      context.runOnContext(ignored -> action.run());
    }
  }

  /** Answers with bytes that nobody will change: they are sent without a copy. */
  public void answer(int code, String contentType, byte[]... parts) {
    answer(code, contentType, List.of(), parts);
  }

  public void answer(int code, JsonNode body) {
    answer(code, JSON, Json.bytes(body));
  }

  /** Answers JSON bytes with {@code Warning} headers. */
  public void answerJson(int code, List<String> warnings, byte[]... parts) {
    answer(code, JSON, warnings, parts);
  }

  public void answer(int code, String contentType, List<String> warnings, byte[]... parts) {
    Buffer body = wrap(parts);
    onLoop(
        () -> {
          HttpServerResponse response = request.response();
          if (response.ended() || response.closed()) {
            onAnswered.accept(0);
            return;
          }
          begin(code, contentType);
          warnings.forEach(w -> response.headers().add("Warning", "299 - \"" + escape(w) + "\""));
          response.putHeader("Content-Length", Integer.toString(body.length()));
          if (isHead()) {
            response.end();
          } else {
            response.end(body);
          }
          onAnswered.accept(code);
        });
  }

  /** Begins an answer whose body follows in pieces; on the event loop. */
  public HttpServerResponse begin(int code, String contentType) {
    HttpServerResponse response = request.response();
    response.setStatusCode(code).putHeader("Content-Type", contentType);
    return response
        .putHeader("Cache-Control", "no-cache, private")
        .putHeader("Audit-Id", requestId);
  }

  /** Tells that an answer in pieces is over; the code is 0 when the client went away. */
  public void answered(int code) {
    onAnswered.accept(code);
  }

  public boolean isHead() {
    return request.method() == HttpMethod.HEAD;
  }

  private static String escape(String warning) {
    return warning.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
  }

  static Buffer wrap(byte[]... parts) {
    ByteBuf bytes =
        parts.length == 1
            ? Unpooled.wrappedBuffer(parts[0])
            : Unpooled.wrappedBuffer(parts.length, parts);
    return BufferInternal.buffer(bytes);
  }

  /**
   * Answers with 200 and what the writer writes, on a virtual thread of its own. A failure before
   * the first piece is answered as usual; a later one breaks the answer off.
   */
  public void stream(String contentType, Consumer<Stream> writer) {
    HttpServerResponse response = request.response();
    response.setChunked(request.version() == HttpVersion.HTTP_1_1).setStatusCode(200);
    response.putHeader("Content-Type", contentType);
    response.putHeader("Cache-Control", "no-cache, private").putHeader("Audit-Id", requestId);
    Thread.startVirtualThread(() -> write(new Stream(response), response, writer));
  }

  private void write(Stream stream, HttpServerResponse response, Consumer<Stream> writer) {
    try {
      writer.accept(stream);
      stream.end();
      onAnswered.accept(200);
    } catch (RuntimeException e) {
      if (!response.headWritten() && !response.closed()) {
        fail(e);
        return;
      }
      LOG.debug("{} broken off", info.path(), e);
      stream.breakOff();
      onAnswered.accept(0);
    }
  }

  public void refuse(Refusal refusal) {
    onLoop(
        () -> {
          if (!request.response().headWritten() && refusal.retryAfterSeconds() > 0) {
            request
                .response()
                .putHeader("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
          }
          answer(refusal.code(), refusal.status());
        });
  }

  /**
   * Answers a failure: a refusal as itself, anything else as an internal error whose cause goes to
   * the log.
   */
  public void fail(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof RefusedException refused) {
      refuse(refused.refusal());
    } else if (cause instanceof java.util.concurrent.TimeoutException) {
      refuse(Refusal.timeout("the outcome of the request is not known"));
    } else {
      LOG.warn("{} {} failed", info.verb(), info.path(), cause);
      refuse(Refusal.internal("the request could not be completed"));
    }
  }

  /** Runs a step of handling; whatever it throws becomes the answer. */
  public void guard(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }
}

package io.troupe.control.apiserver.http;

import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.persistence.store.Request.User;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request on its way to its answer. All methods are for the connection's event loop. */
public final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int WARNING_BYTES_MAX = 4096;

  private final HttpServerRequest request;
  private final Context context;
  private final RequestInfo info;
  private final Query query;
  private final String moment;
  private final String id;
  private final long startNanos = System.nanoTime();
  private final List<String> warnings = new ArrayList<>(0);
  private User user;

  /**
   * Takes a request.
   *
   * @param moment the revision or time of the past that is asked for, or ""
   * @param id the request's audit id
   */
  public Exchange(
      HttpServerRequest request,
      Context context,
      RequestInfo info,
      Query query,
      String moment,
      String id) {
    this.request = request;
    this.context = context;
    this.info = info;
    this.query = query;
    this.moment = moment;
    this.id = id;
  }

  public HttpServerRequest request() {
    return request;
  }

  public HttpServerResponse response() {
    return request.response();
  }

  public Context context() {
    return context;
  }

  public RequestInfo info() {
    return info;
  }

  public Query query() {
    return query;
  }

  public String moment() {
    return moment;
  }

  public String id() {
    return id;
  }

  public long startNanos() {
    return startNanos;
  }

  public User user() {
    return user;
  }

  public void user(User who) {
    user = who;
  }

  public String header(CharSequence name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }

  public String userAgent() {
    return header("user-agent");
  }

  public Accept accept() {
    return Accept.parse(request.getHeader("accept"));
  }

  /** Whether a human reads along. */
  public boolean isPretty() {
    if (query.has("pretty")) {
      return query.flag("pretty");
    }
    String agent = userAgent();
    return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
  }

  public void warn(List<String> texts) {
    warnings.addAll(texts);
  }

  public boolean isOver() {
    return response().ended() || response().closed();
  }

  /** Begins an answer: status and the headers that every answer has. */
  public HttpServerResponse begin(int code, String contentType) {
    HttpServerResponse response = response();
    response.setStatusCode(code);
    response.putHeader("audit-id", id);
    response.putHeader("cache-control", "no-cache, private");
    response.putHeader("content-type", contentType);
    if (!warnings.isEmpty()) {
      putWarnings(response);
    }
    return response;
  }

  private void putWarnings(HttpServerResponse response) {
    int bytes = 0;
    for (String warning : warnings) {
      String text = warning.replaceAll("[\\x00-\\x1f\\x7f]", " ");
      bytes += text.length();
      if (bytes > WARNING_BYTES_MAX) {
        return;
      }
      String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"");
      response.headers().add("Warning", "299 - \"" + quoted + "\"");
    }
  }

  public void send(int code, String contentType, byte[] body) {
    send(code, contentType, Buffers.wrap(body));
  }

  public void send(int code, String contentType, Buffer body) {
    if (isOver()) {
      return;
    }
    HttpServerResponse response = begin(code, contentType);
    if (request.method() == HttpMethod.HEAD) {
      response.putHeader("content-length", Integer.toString(body.length()));
      response.end();
    } else {
      response.end(body);
    }
  }

  public void text(int code, String body) {
    send(code, "text/plain; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  /** Answers with a Status of failure, in JSON. */
  public void refuse(Refusal refusal) {
    if (isOver()) {
      return;
    }
    if (response().headWritten()) {
      // The head said 200: only a broken stream tells the client that something is missing.
      response().reset();
      return;
    }
    if (refusal.retryAfterSeconds() > 0) {
      response().putHeader("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
    }
    if (refusal.code() == 401) {
      response().putHeader("www-authenticate", "Bearer realm=\"kubernetes-master\"");
    }
    if (refusal.code() == 413 && request.version() != HttpVersion.HTTP_2) {
      response().putHeader("connection", "close");
    }
    send(refusal.code(), Format.JSON.mediaType(), Json.bytes(refusal.status()));
  }

  /** Answers for a fault: a refusal as it is, anything else as an internal error. */
  public void fail(Throwable thrown) {
    Throwable cause = thrown;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RefusedException refused) {
      refuse(refused.refusal());
      return;
    }
    LOG.error("{} {} failed", request.method(), request.uri(), cause);
    refuse(Refusal.internal(String.valueOf(cause.getMessage())));
  }

  /** Runs the rest on the event loop when the stage is done; at once when it is done already. */
  public <T> void when(CompletionStage<T> stage, Consumer<T> rest) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    if (future.isDone() && Context.isOnEventLoopThread()) {
      finish(future, rest);
    } else {
      future.whenComplete((value, thrown) -> context.runOnContext(v -> finish(future, rest)));
    }
  }

  private <T> void finish(CompletableFuture<T> future, Consumer<T> rest) {
    try {
      rest.accept(future.join());
    } catch (RuntimeException e) {
      fail(e);
    }
  }
}

package io.troupe.control.apiserver.http;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authentication.Authenticator;
import io.troupe.control.apiserver.authorization.Attributes;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.persistence.store.Request.User;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What every request passes before anything is done: shape, limits, who, and whether they may. Runs
 * on event loops.
 */
public final class Edge {
  /** As upstream: larger bodies are refused with 413. */
  public static final int MAX_BODY_BYTES = 3 << 20;

  /** What comes after the edge. */
  @FunctionalInterface
  public interface Next {
    void handle(Exchange exchange, byte[] body);
  }

  private final Authenticator authenticator;
  private final Authorizer authorizer;
  private final Impersonation impersonation;
  private final Next next;
  private final int maxInFlight;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong requestNumber = new AtomicLong();
  private final String requestPrefix = java.util.UUID.randomUUID().toString().substring(0, 24);
  private final Map<HttpConnection, User> certificateUsers =
      Collections.synchronizedMap(new WeakHashMap<>());
  private final RequestMetrics metrics;

  public Edge(
      Authenticator authenticator,
      Authorizer authorizer,
      Next next,
      int maxInFlight,
      RequestMetrics metrics) {
    this.authenticator = authenticator;
    this.authorizer = authorizer;
    this.impersonation = new Impersonation(authorizer);
    this.next = next;
    this.maxInFlight = maxInFlight;
    this.metrics = metrics;
  }

  /** Vert.x' request handler. */
  public void handle(HttpServerRequest request) {
    long now = System.currentTimeMillis();
    Exchange exchange = null;
    try {
      exchange = exchange(request, now);
      accept(exchange);
    } catch (RuntimeException e) {
      if (exchange == null) {
        exchange =
            new Exchange(
                request,
                context(),
                RequestInfo.plain(request.method().name(), request.path()),
                Query.parse(null),
                id(),
                now);
      }
      exchange.fail(e);
    }
  }

  private static ContextInternal context() {
    return ContextInternal.current();
  }

  private Exchange exchange(HttpServerRequest request, long now) {
    String path = request.path();
    if (path == null || path.isEmpty() || path.charAt(0) != '/') {
      throw new RefusedException(Refusal.badRequest("invalid path"));
    }
    Query query = Query.parse(request.query());
    List<String> segments = Paths.segments(path);
    int skip = segments.size() > 1 && segments.getFirst().equals("at") ? 2 : 0;
    boolean watching = query.flag("watch");
    RequestInfo info =
        RequestInfo.of(
            PostedUpgrades.methodOf(request),
            path,
            segments.subList(skip, segments.size()),
            watching,
            query.text("fieldSelector"));
    return new Exchange(request, context(), info, query, id(), now);
  }

  /** Unique without a random generator's cost: a random prefix per process and a number. */
  private String id() {
    return requestPrefix + "%012x".formatted(requestNumber.incrementAndGet());
  }

  private void accept(Exchange exchange) {
    boolean longRunning = isLongRunning(exchange);
    if (!longRunning) {
      if (inFlight.incrementAndGet() > maxInFlight) {
        inFlight.decrementAndGet();
        exchange.refuse(Refusal.tooManyRequests("Too many requests, please try again later.", 1));
        return;
      }
      exchange.onAnswered(
          code -> {
            inFlight.decrementAndGet();
            metrics.answered(exchange.info(), code, exchange.startMillis());
          });
    }
    User user =
        authenticator
            .authenticate(
                certificateUser(exchange.request()),
                exchange.header("Authorization"),
                exchange.startMillis())
            .orElseThrow(() -> new RefusedException(Refusal.unauthorized()));
    exchange.user(impersonation.apply(user, exchange.request().headers()));
    Attributes attributes = Attributes.of(exchange.user(), exchange.info());
    authorizer.require(attributes);
    if (entersPod(exchange.info())) {
      // A WebSocket begins with a GET; entering a pod still needs the right to create.
      authorizer.require(attributes.withVerb("create"));
    }
    if (!readsBody(exchange)) {
      next.handle(exchange, new byte[0]);
    } else {
      readBody(exchange);
    }
  }

  private static boolean entersPod(RequestInfo info) {
    return info.verb().equals("get")
        && info.resource().equals("pods")
        && Set.of("exec", "attach", "portforward").contains(info.subresource());
  }

  private static boolean isLongRunning(Exchange exchange) {
    RequestInfo info = exchange.info();
    return info.verb().equals("watch")
        || switch (info.subresource()) {
          case "exec", "attach", "portforward", "proxy", "log" -> true;
          default -> false;
        };
  }

  private static boolean readsBody(Exchange exchange) {
    return exchange.info().resourceRequest()
        && !isLongRunning(exchange)
        && io.troupe.control.apiserver.rest.RestApi.hasBody(exchange.info());
  }

  private void readBody(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    Buffer body = Buffer.buffer();
    boolean[] refused = {false};
    request.handler(
        chunk -> {
          if (!refused[0] && body.length() + chunk.length() > MAX_BODY_BYTES) {
            refused[0] = true;
            exchange.refuse(
                Refusal.tooLarge("Request entity too large: limit is " + MAX_BODY_BYTES));
          } else if (!refused[0]) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        done -> {
          if (!refused[0]) {
            exchange.guard(() -> next.handle(exchange, body.getBytes()));
          }
        });
  }

  /** The user of the connection's client certificate, read once per connection. */
  private User certificateUser(HttpServerRequest request) {
    if (!request.isSSL()) {
      return null;
    }
    HttpConnection connection = request.connection();
    User known = certificateUsers.get(connection);
    if (known == null) {
      known = readCertificate(connection);
      certificateUsers.put(connection, known);
    }
    return known.equals(Authenticator.ANONYMOUS) ? null : known;
  }

  private static User readCertificate(HttpConnection connection) {
    try {
      List<Certificate> chain = connection.peerCertificates();
      if (!chain.isEmpty() && chain.getFirst() instanceof X509Certificate certificate) {
        return Authenticator.ofCertificate(certificate).orElse(Authenticator.ANONYMOUS);
      }
    } catch (SSLPeerUnverifiedException noCertificate) {
      return Authenticator.ANONYMOUS;
    }
    return Authenticator.ANONYMOUS;
  }
}

package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The API over HTTP/2 and TLS. What cannot be reached, and what is answered too late, is a refusal
 * with code 503: whether such a write was done is not known.
 */
public final class HttpKubeClient implements KubeClient, AutoCloseable {
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** A server ends watches after this time, so that a dead connection is noticed at last. */
  private static final int WATCH_SECONDS = 280;

  private static final int BUSY_RETRIES_MAX = 5;
  private static final int BUSY_SECONDS_MAX = 10;
  private static final String JSON = "application/json";

  private final ApiServer server;
  private final Connections connections;
  private final String userAgent;
  private final Duration answerTimeout;

  /**
   * Makes a client; connects with the first request.
   *
   * @param credentials asked at each request
   * @param userAgent for example {@code kubelet/v1.37.0}; the part before the slash is the field
   *     manager of apply patches
   */
  public HttpKubeClient(ApiServer server, Supplier<Credentials> credentials, String userAgent) {
    this(server, credentials, userAgent, ANSWER_TIMEOUT);
  }

  HttpKubeClient(
      ApiServer server,
      Supplier<Credentials> credentials,
      String userAgent,
      Duration answerTimeout) {
    this.answerTimeout = answerTimeout;
    this.server = server;
    this.connections = new Connections(server, credentials);
    this.userAgent = userAgent;
  }

  @Override
  public ObjectNode get(Resource type, String namespace, String name) {
    return send("GET", RequestUrl.object(server, type, namespace, name).uri(), null, JSON);
  }

  @Override
  public Page list(Resource type, String namespace, ListOptions options) {
    URI uri = RequestUrl.collection(server, type, namespace).with(options).uri();
    ObjectNode list = send("GET", uri, null, JSON);
    List<ObjectNode> items = new ArrayList<>();
    for (JsonNode item : Json.items(list, "items")) {
      items.add(typed((ObjectNode) item, type));
    }
    return new Page(
        items,
        Json.text(list, "metadata", "resourceVersion"),
        Json.text(list, "metadata", "continue"));
  }

  /** Lists leave out what all items have in common. */
  private static ObjectNode typed(ObjectNode item, Resource type) {
    return item.has("kind")
        ? item
        : Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion()).setAll(item);
  }

  @Override
  public Subscription watch(
      Resource type,
      String namespace,
      ListOptions options,
      Consumer<WatchEvent> onEvent,
      Runnable onEnd) {
    URI uri =
        RequestUrl.collection(server, type, namespace)
            .with(options)
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("timeoutSeconds", Integer.toString(WATCH_SECONDS))
            .uri();
    HttpResponse<InputStream> response =
        exchange("GET", uri, null, JSON, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new RefusedException(Answers.refusal(response.statusCode(), drained(response)));
    }
    return HttpWatch.start(response.body(), Duration.ofSeconds(WATCH_SECONDS + 30), onEvent, onEnd);
  }

  /**
   * Reads any path, for what is no resource: discovery, history, past states. The caller closes the
   * stream.
   *
   * @param pathAndQuery escaped, from the first slash on
   * @param accept the media types wanted
   */
  public InputStream open(String pathAndQuery, String accept) {
    URI uri = URI.create(server.base() + pathAndQuery);
    HttpResponse<InputStream> response =
        exchange("GET", uri, null, accept, BodyHandlers.ofInputStream());
    if (response.statusCode() / 100 != 2) {
      throw new RefusedException(Answers.refusal(response.statusCode(), drained(response)));
    }
    return response.body();
  }

  private static byte[] drained(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return body.readNBytes(1 << 20);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  @Override
  public ObjectNode create(Resource type, ObjectNode body) {
    URI uri = RequestUrl.collection(server, type, Meta.namespace(body)).uri();
    return send("POST", uri, body, JSON);
  }

  @Override
  public ObjectNode update(Resource type, ObjectNode body) {
    return update(type, "", body);
  }

  @Override
  public ObjectNode update(Resource type, String subresource, ObjectNode body) {
    URI uri =
        RequestUrl.object(server, type, Meta.namespace(body), Meta.name(body))
            .step(subresource)
            .uri();
    return send("PUT", uri, body, JSON);
  }

  @Override
  public ObjectNode patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch) {
    RequestUrl url = RequestUrl.object(server, type, namespace, name).step(subresource);
    if (how == PatchType.APPLY) {
      int slash = userAgent.indexOf('/');
      url.with("fieldManager", slash < 0 ? userAgent : userAgent.substring(0, slash))
          .with("force", "true");
    }
    return send("PATCH", url.uri(), patch, how.mediaType());
  }

  @Override
  public ObjectNode post(
      Resource type, String namespace, String name, String subresource, ObjectNode body) {
    URI uri = RequestUrl.object(server, type, namespace, name).step(subresource).uri();
    return send("POST", uri, body, JSON);
  }

  @Override
  public void delete(Resource type, String namespace, String name, DeleteOptions options) {
    ObjectNode body = Json.object().put("kind", "DeleteOptions").put("apiVersion", "v1");
    if (options.gracePeriodSeconds() >= 0) {
      body.put("gracePeriodSeconds", options.gracePeriodSeconds());
    }
    if (!options.propagation().isEmpty()) {
      body.put("propagationPolicy", options.propagation());
    }
    if (!options.uid().isEmpty()) {
      Json.ensure(body, "preconditions").put("uid", options.uid());
    }
    if (!options.resourceVersion().isEmpty()) {
      Json.ensure(body, "preconditions").put("resourceVersion", options.resourceVersion());
    }
    send("DELETE", RequestUrl.object(server, type, namespace, name).uri(), body, JSON);
  }

  /** Ends all requests and watches. */
  @Override
  public void close() {
    connections.close();
  }

  /**
   * A server that says "too many requests" has done nothing yet, so any request may be repeated.
   */
  private ObjectNode send(String method, URI uri, JsonNode body, String mediaType) {
    for (int attempt = 0; ; attempt++) {
      HttpResponse<byte[]> response =
          exchange(method, uri, body, mediaType, BodyHandlers.ofByteArray());
      var retryAfter = response.headers().firstValue("Retry-After");
      if (response.statusCode() != 429 || retryAfter.isEmpty() || attempt == BUSY_RETRIES_MAX) {
        return Answers.object(response.statusCode(), response.body());
      }
      pause(retryAfter.get());
    }
  }

  private static void pause(String retryAfterSeconds) {
    boolean number = retryAfterSeconds.matches("\\d{1,3}");
    long seconds = number ? Long.parseLong(retryAfterSeconds) : 1;
    try {
      Thread.sleep(Duration.ofSeconds(Math.min(seconds, BUSY_SECONDS_MAX)));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private <T> HttpResponse<T> exchange(
      String method,
      URI uri,
      JsonNode body,
      String mediaType,
      HttpResponse.BodyHandler<T> handler) {
    String accept = body == null ? mediaType : JSON;
    Connections.Use use = connections.use();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(answerTimeout)
            .header("Accept", accept)
            .header("User-Agent", userAgent);
    if (!use.token().isEmpty()) {
      request.header("Authorization", "Bearer " + use.token());
    }
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", mediaType)
          .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
    }
    try {
      return use.client().send(request.build(), handler);
    } catch (HttpTimeoutException e) {
      connections.discard(use.client());
      throw new RefusedException(
          Refusal.unavailable("no answer from " + server.base() + " in time"));
    } catch (IOException e) {
      throw new RefusedException(
          Refusal.unavailable("cannot reach " + server.base() + ": " + reason(e)));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static RefusedException interrupted() {
    Thread.currentThread().interrupt();
    return new RefusedException(Refusal.unavailable("the request was interrupted"));
  }
}

package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * An HTTPS server on loopback that answers from a script: each request takes the next prepared
 * answer; watches are fed line by line.
 */
final class TinyApiServer implements AutoCloseable {
  /** A request as it came. */
  record Seen(String method, String target, String body, String contentType, String bearer) {}

  /** An answer to give: a status with a body, or a watch stream. */
  record Answer(int code, String body, String retryAfter, Stream watch) {
    static Answer json(int code, String body) {
      return new Answer(code, body, "", null);
    }

    /** No answer for as long as the server lives. */
    static Answer silence() {
      return new Answer(0, "", "", null);
    }

    static Answer watch(Stream stream) {
      return new Answer(200, "", "", stream);
    }
  }

  /** The server's end of a watch. */
  static final class Stream {
    private static final String END = "";
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    Stream send(String type, JsonNode object) {
      ObjectNode event = Json.object().put("type", type);
      event.set("object", object);
      lines.add(event + "\n");
      return this;
    }

    Stream end() {
      lines.add(END);
      return this;
    }
  }

  private final HttpsServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  TinyApiServer(SSLContext tls, boolean clientCertificate) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            ssl.setNeedClientAuth(clientCertificate);
            parameters.setSSLParameters(ssl);
          }
        });
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  URI base() {
    return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
  }

  TinyApiServer then(Answer answer) {
    answers.add(answer);
    return this;
  }

  private synchronized void note(Seen request) {
    seen.add(request);
    notifyAll();
  }

  /** Path and query of the request at a position, as soon as it came. */
  synchronized String awaitTarget(int index) throws InterruptedException {
    while (seen.size() <= index) {
      wait();
    }
    return seen.get(index).target();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      note(
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              new String(body, StandardCharsets.UTF_8),
              exchange.getRequestHeaders().getFirst("Content-Type"),
              exchange.getRequestHeaders().getFirst("Authorization")));
      Answer answer = answers.poll();
      reply(exchange, answer == null ? Answer.json(503, "no answer prepared") : answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reply(HttpExchange exchange, Answer answer)
      throws IOException, InterruptedException {
    if (answer.code() == 0) {
      new CountDownLatch(1).await();
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    if (!answer.retryAfter().isEmpty()) {
      exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
    }
    if (answer.watch() == null) {
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.code(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    out.flush();
    String line = answer.watch().lines.take();
    while (!line.isEmpty()) {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.flush();
      line = answer.watch().lines.take();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    server.stop(0);
  }
}

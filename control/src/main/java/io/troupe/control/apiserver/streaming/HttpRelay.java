package io.troupe.control.apiserver.streaming;

import io.troupe.api.object.Refusal;
import io.troupe.control.apiserver.ApiServerSettings;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.PostedUpgrades;
import io.troupe.control.apiserver.pki.KeyPairFile;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.util.Locale;
import java.util.Set;

/**
 * Sends a request on to a target and streams the answer back; an upgrade becomes a pipe of raw
 * bytes.
 */
final class HttpRelay {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int MAX_HEAD_BYTES = 64 << 10;

  /**
   * Hop-by-hop headers (RFC 9110 7.6.1), and credentials that are the API server's business alone.
   */
  private static final Set<String> NOT_RELAYED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "transfer-encoding",
          "upgrade",
          "te",
          "trailer",
          "host",
          "content-length",
          "authorization",
          "cookie");

  private final HttpClient kubelets;
  private final HttpClient backends;
  private final HttpClient plain;
  private final NetClient kubeletSockets;
  private final NetClient backendSockets;
  private final NetClient plainSockets;

  HttpRelay(Vertx vertx, ApiServerSettings settings) {
    KeyPairFile own = settings.kubeletClient().get();
    PemKeyCertOptions keys =
        new PemKeyCertOptions()
            .addCertValue(Buffer.buffer(own.certificatePem()))
            .addKeyValue(Buffer.buffer(own.keyPem()));
    PemTrustOptions trust =
        new PemTrustOptions().addCertValue(Buffer.buffer(settings.pki().authorityPem()));
    this.kubelets =
        vertx.createHttpClient(
            http()
                .setSsl(true)
                .setVerifyHost(false)
                .setKeyCertOptions(keys)
                .setTrustOptions(trust));
    this.backends =
        vertx.createHttpClient(http().setSsl(true).setTrustAll(true).setVerifyHost(false));
    this.plain = vertx.createHttpClient(http());
    this.kubeletSockets =
        vertx.createNetClient(
            net()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("")
                .setKeyCertOptions(keys)
                .setTrustOptions(trust));
    this.backendSockets =
        vertx.createNetClient(
            net().setSsl(true).setHostnameVerificationAlgorithm("").setTrustAll(true));
    this.plainSockets = vertx.createNetClient(net());
  }

  private static HttpClientOptions http() {
    return new HttpClientOptions()
        .setConnectTimeout(CONNECT_MILLIS)
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setDecompressionSupported(false);
  }

  private static NetClientOptions net() {
    return new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true);
  }

  void relay(Exchange exchange, Target target) {
    String connection = exchange.header("Connection").toLowerCase(Locale.ROOT);
    if (connection.contains("upgrade") && !exchange.header("Upgrade").isEmpty()) {
      upgrade(exchange, target);
    } else {
      request(exchange, target);
    }
  }

  private HttpClient client(Target target) {
    return target.kubelet() ? kubelets : target.tls() ? backends : plain;
  }

  private void request(Exchange exchange, Target target) {
    HttpServerRequest incoming = exchange.request();
    incoming.pause();
    RequestOptions options =
        new RequestOptions()
            .setHost(target.host())
            .setPort(target.port())
            .setURI(target.uri())
            .setMethod(incoming.method());
    client(target)
        .request(options)
        .onSuccess(outgoing -> send(exchange, incoming, outgoing))
        .onFailure(
            e ->
                exchange.refuse(
                    Refusal.unavailable("error trying to reach service: " + e.getMessage())));
  }

  private static void send(
      Exchange exchange, HttpServerRequest incoming, HttpClientRequest outgoing) {
    copyHeaders(incoming.headers(), outgoing.headers());
    outgoing.putHeader(
        "X-Forwarded-For",
        incoming.remoteAddress() == null ? "" : incoming.remoteAddress().hostAddress());
    String length = incoming.getHeader("Content-Length");
    if (length != null) {
      outgoing.putHeader("Content-Length", length);
    } else if (incoming.getHeader("Transfer-Encoding") != null) {
      outgoing.setChunked(true);
    }
    incoming.response().closeHandler(gone -> outgoing.reset());
    outgoing
        .send(incoming)
        .onSuccess(answer -> receive(incoming.response(), answer))
        .onFailure(
            e ->
                exchange.refuse(
                    Refusal.unavailable("error trying to reach service: " + e.getMessage())));
    incoming.resume();
  }

  private static void receive(HttpServerResponse response, HttpClientResponse answer) {
    response.setStatusCode(answer.statusCode());
    copyHeaders(answer.headers(), response.headers());
    String length = answer.getHeader("Content-Length");
    if (length != null) {
      response.putHeader("Content-Length", length);
    } else {
      response.setChunked(true);
    }
    answer.pipeTo(response);
  }

  private static void copyHeaders(MultiMap from, MultiMap to) {
    from.forEach(
        (name, value) -> {
          String lower = name.toLowerCase(Locale.ROOT);
          if (!NOT_RELAYED.contains(lower)
              && !PostedUpgrades.isOwn(lower)
              && !lower.startsWith("impersonate-")
              && !lower.startsWith("x-remote-")) {
            to.add(name, value);
          }
        });
  }

  private void upgrade(Exchange exchange, Target target) {
    NetClient sockets =
        target.kubelet() ? kubeletSockets : target.tls() ? backendSockets : plainSockets;
    HttpServerRequest incoming = exchange.request();
    incoming.pause();
    sockets
        .connect(target.port(), target.host())
        .onSuccess(socket -> handshake(exchange, incoming, socket, target))
        .onFailure(
            e ->
                exchange.refuse(
                    Refusal.unavailable("error trying to reach service: " + e.getMessage())));
  }

  private static void handshake(
      Exchange exchange, HttpServerRequest incoming, NetSocket socket, Target target) {
    StringBuilder head = new StringBuilder();
    head.append(PostedUpgrades.methodOf(incoming))
        .append(' ')
        .append(target.uri())
        .append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.host()).append(':').append(target.port()).append("\r\n");
    head.append("Connection: Upgrade\r\nUpgrade: ")
        .append(incoming.getHeader("Upgrade"))
        .append("\r\n");
    MultiMap relayed = MultiMap.caseInsensitiveMultiMap();
    copyHeaders(incoming.headers(), relayed);
    relayed.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    Buffer received = Buffer.buffer();
    socket.handler(
        chunk -> {
          received.appendBuffer(chunk);
          int end = endOfHead(received);
          if (end >= 0) {
            socket.pause();
            socket.handler(null);
            answered(exchange, incoming, socket, received, end);
          } else if (received.length() > MAX_HEAD_BYTES) {
            socket.close();
            exchange.refuse(Refusal.unavailable("the backend's answer is no HTTP head"));
          }
        });
    socket.write(head.append("\r\n").toString());
  }

  private static int endOfHead(Buffer buffer) {
    byte[] bytes = buffer.getBytes();
    for (int i = 3; i < bytes.length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static void answered(
      Exchange exchange, HttpServerRequest incoming, NetSocket backend, Buffer received, int end) {
    String[] lines = received.getString(0, end).split("\r\n");
    String[] status = lines[0].split(" ", 3);
    int code = status.length > 1 ? Integer.parseInt(status[1]) : 502;
    HttpServerResponse response = incoming.response();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon > 0
          && (code == 101
              || !NOT_RELAYED.contains(lines[i].substring(0, colon).toLowerCase(Locale.ROOT)))) {
        response.headers().add(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip());
      }
    }
    if (code != 101) {
      byte[] rest = received.getBytes(end, received.length());
      response.setStatusCode(code).end(Buffer.buffer(rest));
      backend.close();
      return;
    }
    incoming
        .toNetSocket()
        .onSuccess(client -> pipe(client, backend, received.getBuffer(end, received.length())))
        .onFailure(
            e -> {
              backend.close();
              exchange.refuse(
                  Refusal.badRequest("the connection cannot be upgraded: " + e.getMessage()));
            });
  }

  private static void pipe(NetSocket client, NetSocket backend, Buffer early) {
    if (early.length() > 0) {
      client.write(early);
    }
    backend.pipeTo(client).onComplete(done -> client.close());
    client.pipeTo(backend).onComplete(done -> backend.close());
  }
}

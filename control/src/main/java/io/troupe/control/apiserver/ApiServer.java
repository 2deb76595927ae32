package io.troupe.control.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.ssl.OpenSsl;
import io.troupe.api.kinds.Kinds;
import io.troupe.control.apiserver.authentication.Authenticator;
import io.troupe.control.apiserver.authentication.ServiceAccountTokens;
import io.troupe.control.apiserver.authentication.TokenSigner;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.control.apiserver.authorization.Escalation;
import io.troupe.control.apiserver.history.HistoryApi;
import io.troupe.control.apiserver.http.Edge;
import io.troupe.control.apiserver.http.Health;
import io.troupe.control.apiserver.http.PostedUpgrades;
import io.troupe.control.apiserver.http.RequestMetrics;
import io.troupe.control.apiserver.pki.KeyPairFile;
import io.troupe.control.apiserver.rest.KindRules;
import io.troupe.control.apiserver.rest.Protobuf;
import io.troupe.control.apiserver.rest.RestApi;
import io.troupe.control.apiserver.streaming.KubeletRelay;
import io.troupe.persistence.store.ObjectStore;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS server and everything behind it. */
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int MAX_STREAMS_PER_CONNECTION = 250;
  private static final long RENEWAL_CHECK_MILLIS = 3_600_000;

  private static final int MAX_HEADER_BYTES = 64 << 10;

  private final Vertx vertx;
  private final HttpServer server;

  private final VirtualResources virtual;

  private ApiServer(Vertx vertx, HttpServer server, VirtualResources virtual) {
    this.vertx = vertx;
    this.server = server;
    this.virtual = virtual;
  }

  /** What the server serves from; protobuf may be null. */
  public record Parts(
      ObjectStore store,
      Kinds kinds,
      KindRules rules,
      Protobuf protobuf,
      OpenApiDocuments openApi,
      Health health) {}

  /**
   * Starts to serve.
   *
   * @throws java.io.IOException when the address cannot be bound
   */
  public static ApiServer start(ApiServerSettings settings, Parts parts)
      throws java.io.IOException {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(eventLoops()).setPreferNativeTransport(true));
    var view = parts.store().cache().view();
    ServiceAccountTokens tokens =
        new ServiceAccountTokens(
            new TokenSigner(settings.pki().serviceAccountKeys()), settings.issuer(), view);
    Authorizer authorizer = new Authorizer(view);
    RequestMetrics metrics = new RequestMetrics();
    RestApi rest =
        new RestApi(
            vertx,
            parts.store(),
            parts.kinds(),
            parts.rules(),
            parts.protobuf(),
            new Escalation(authorizer, view));
    VirtualResources virtual =
        new VirtualResources(rest, parts.store(), tokens, authorizer, parts.protobuf());
    KubeletRelay relay = new KubeletRelay(vertx, view, settings);
    Documents documents =
        new Documents(parts.kinds(), parts.openApi(), parts.health(), metrics, tokens);
    HistoryApi history = new HistoryApi(parts.store(), authorizer);
    Router router = new Router(rest, virtual, relay, documents, history, parts.store());
    Edge edge =
        new Edge(
            new Authenticator(tokens, view),
            authorizer,
            router::route,
            settings.maxInFlight(),
            metrics);
    List<HttpServer> servers;
    try {
      servers = listen(vertx, options(settings), edge);
    } catch (ExecutionException | TimeoutException e) {
      vertx.close();
      throw new java.io.IOException(
          String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.io.IOException("interrupted", e);
    }
    ApiServer started = new ApiServer(vertx, servers.getFirst(), virtual);
    started.renewCertificates(settings);
    return started;
  }

  /** One server per event loop on the same port: connections are spread over the loops. */
  private static List<HttpServer> listen(Vertx vertx, HttpServerOptions options, Edge edge)
      throws ExecutionException, TimeoutException, InterruptedException {
    SocketAddress address =
        options.getPort() == 0
            ? SocketAddress.sharedRandomPort(1, options.getHost())
            : SocketAddress.inetSocketAddress(options.getPort(), options.getHost());
    List<HttpServer> servers = new ArrayList<>();
    for (int i = 0; i < eventLoops(); i++) {
      HttpServer server =
          vertx
              .createHttpServer(options)
              .requestHandler(edge::handle)
              .connectionHandler(PostedUpgrades::prepare);
      CompletableFuture<HttpServer> listening = new CompletableFuture<>();
      ((VertxInternal) vertx)
          .createEventLoopContext()
          .runOnContext(
              v ->
                  server
                      .listen(address)
                      .onSuccess(listening::complete)
                      .onFailure(listening::completeExceptionally));
      servers.add(listening.get(30, TimeUnit.SECONDS));
    }
    return servers;
  }

  private static int eventLoops() {
    return Math.max(2, Runtime.getRuntime().availableProcessors());
  }

  /** Answers a {@code SubjectAccessReview}, as for a client; fills in its status. */
  public ObjectNode review(ObjectNode accessReview) {
    return virtual.review(accessReview);
  }

  public int port() {
    return server.actualPort();
  }

  public Vertx vertx() {
    return vertx;
  }

  private static HttpServerOptions options(ApiServerSettings settings) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.bindAddress())
            .setPort(settings.port())
            .setSsl(true)
            .setUseAlpn(true)
            .setClientAuth(ClientAuth.REQUEST)
            .setTrustOptions(
                new PemTrustOptions().addCertValue(Buffer.buffer(settings.pki().authorityPem())))
            .setKeyCertOptions(keys(settings.serving().get()))
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(16 << 10)
            .setCompressionSupported(false)
            .setTcpNoDelay(true)
            .setIdleTimeout(0)
            .setInitialSettings(
                new Http2Settings()
                    .setMaxConcurrentStreams(MAX_STREAMS_PER_CONNECTION)
                    .setMaxHeaderListSize(MAX_HEADER_BYTES));
    if (OpenSsl.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    } else {
      LOG.info("No native TLS library here: the JDK's is used");
    }
    return options;
  }

  private static PemKeyCertOptions keys(KeyPairFile pair) {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(pair.certificatePem()))
        .addKeyValue(Buffer.buffer(pair.keyPem()));
  }

  /** Certificates are looked at each hour and replaced without a restart. */
  private void renewCertificates(ApiServerSettings settings) {
    String[] served = {settings.serving().get().certificatePem()};
    vertx.setPeriodic(
        RENEWAL_CHECK_MILLIS,
        ignored -> {
          KeyPairFile now = settings.serving().get();
          if (!now.certificatePem().equals(served[0])) {
            served[0] = now.certificatePem();
            server.updateSSLOptions(options(settings).getSslOptions());
          }
        });
  }

  @Override
  public void close() {
    try {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("closing the API server: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

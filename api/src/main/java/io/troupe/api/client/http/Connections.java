package io.troupe.api.client.http;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The HTTP client for the credentials of the moment; a new one when the certificate changes. */
final class Connections implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final ApiServer server;
  private final Supplier<Credentials> credentials;
  private HttpClient client;
  private Credentials shown;

  /** A client with the token to send. */
  record Use(HttpClient client, String token) {}

  Connections(ApiServer server, Supplier<Credentials> credentials) {
    this.server = server;
    this.credentials = credentials;
  }

  synchronized Use use() {
    Credentials now = credentials.get();
    if (client == null || !sameCertificate(now)) {
      if (client != null) {
        // Requests and watches that are under way end by themselves.
        client.shutdown();
      }
      client = connect(now);
      shown = now;
    }
    return new Use(client, now.token());
  }

  /**
   * Gives up a client whose server did not answer in time: its connection may be dead, and HTTP/2
   * would use it again. Watches on it end, and are resumed over a new one.
   */
  synchronized void discard(HttpClient silent) {
    if (silent.equals(client)) {
      client = null;
    }
    silent.shutdownNow();
  }

  private boolean sameCertificate(Credentials now) {
    return now.certificatePem().equals(shown.certificatePem())
        && now.keyPem().equals(shown.keyPem());
  }

  private HttpClient connect(Credentials now) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .executor(Executors.newVirtualThreadPerTaskExecutor())
        .sslContext(Tls.context(server.caPem(), now))
        .build();
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
      client = null;
    }
  }
}

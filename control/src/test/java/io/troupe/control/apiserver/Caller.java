package io.troupe.control.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.apiserver.pki.KeyPairFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An HTTP/2 client of the API with a client certificate, a token, or nothing. */
final class Caller {
  private final HttpClient http;
  private final String url;
  private final String token;

  private Caller(HttpClient http, String url, String token) {
    this.http = http;
    this.url = url;
    this.token = token;
  }

  /** What came back. */
  record Answer(int code, String body, HttpResponse<byte[]> response) {
    ObjectNode json() {
      return Json.parse(body);
    }

    String message() {
      return Json.text(json(), "message");
    }
  }

  static Caller anonymous(TestApi api) {
    return of(api, null);
  }

  static Caller of(TestApi api, KeyPairFile user) {
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(tls(api, user))
            .version(HttpClient.Version.HTTP_2)
            .build();
    return new Caller(http, api.url(), "");
  }

  /** Trusts the cluster's authority and shows the user's certificate, if any. */
  static SSLContext tls(TestApi api, KeyPairFile user) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(user == null ? null : keys(user), trust(api), null);
      return tls;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  Caller withToken(String bearer) {
    return new Caller(http, url, bearer);
  }

  private static KeyManager[] keys(KeyPairFile user) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("user", user.key(), new char[0], new Certificate[] {user.certificate()});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static javax.net.ssl.TrustManager[] trust(TestApi api)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", api.pki.authority().own().certificate());
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  Answer get(String path, String... headers) {
    return send("GET", path, new byte[0], headers);
  }

  Answer delete(String path) {
    return send("DELETE", path, new byte[0]);
  }

  Answer post(String path, String body, String... headers) {
    String[] all = headers.length > 0 ? headers : new String[] {"Content-Type", "application/json"};
    return send("POST", path, body.getBytes(StandardCharsets.UTF_8), all);
  }

  Answer put(String path, String body) {
    return send(
        "PUT", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
  }

  Answer patch(String path, String type, String body) {
    return send("PATCH", path, body.getBytes(StandardCharsets.UTF_8), "Content-Type", type);
  }

  Answer send(String method, String path, byte[] body, String... headers) {
    try {
      HttpResponse<byte[]> response =
          http.send(request(method, path, body, headers), BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The lines of a watch as they come; closing the stream ends it. */
  Stream<String> watch(String path) {
    try {
      return http.send(request("GET", path, new byte[0]), BodyHandlers.ofLines()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest request(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(url + path))
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    return builder.build();
  }
}

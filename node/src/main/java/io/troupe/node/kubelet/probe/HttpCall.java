package io.troupe.node.kubelet.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One GET over a connection of its own. Certificates are not checked, as upstream's probes do not:
 * a container's certificate is seldom made for its address.
 */
final class HttpCall {
  private static final int BODY_BYTES_MAX = 10 * 1024;
  private static final int REDIRECTS_MAX = 10;

  private final Duration timeout;
  private final Map<String, String> headers = new LinkedHashMap<>();

  private record Response(int code, String location, String body) {}

  HttpCall(JsonNode action, String purpose, Duration timeout) {
    this.timeout = timeout;
    headers.put("User-Agent", "kube-" + purpose + "/1.37");
    headers.put("Accept", "*/*");
    for (JsonNode header : Json.items(action, "httpHeaders")) {
      headers.keySet().removeIf(name -> name.equalsIgnoreCase(Json.text(header, "name")));
      headers.put(Json.text(header, "name"), Json.text(header, "value"));
    }
  }

  Outcome get(URI uri) {
    URI here = uri;
    try {
      for (int i = 0; i <= REDIRECTS_MAX; i++) {
        Response response = once(here);
        if (response.code() < 300 || response.code() >= 400 || response.location().isEmpty()) {
          return response.code() >= 200 && response.code() < 400
              ? new Outcome(true, response.body())
              : Outcome.failure("HTTP probe failed with statuscode: " + response.code());
        }
        URI next = here.resolve(response.location());
        if (!next.getHost().equals(uri.getHost())) {
          return new Outcome(true, "Probe terminated redirects, Response body: " + response.body());
        }
        here = next;
      }
      return Outcome.failure("Get \"" + here + "\": stopped after 10 redirects");
    } catch (SocketTimeoutException e) {
      return Outcome.failure(
          "Get \""
              + here
              + "\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)");
    } catch (IOException | GeneralSecurityException e) {
      return Outcome.failure("Get \"" + here + "\": " + reason(here, e));
    }
  }

  static String reason(URI uri, Exception e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof java.net.ConnectException) {
      String to = uri.getHost() + ":" + port(uri);
      return "dial tcp "
          + to
          + ": connect: "
          + message.toLowerCase(Locale.ROOT).replace(" (connection refused)", "");
    }
    return message;
  }

  private static int port(URI uri) {
    return uri.getPort() > 0 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  private Response once(URI uri) throws IOException, GeneralSecurityException {
    try (Socket plain = new Socket()) {
      plain.connect(
          new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port(uri)),
          (int) timeout.toMillis());
      plain.setSoTimeout((int) timeout.toMillis());
      Socket socket = uri.getScheme().equals("https") ? secure(plain, uri) : plain;
      socket.getOutputStream().write(head(uri).getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket.getInputStream());
    }
  }

  private static Socket secure(Socket plain, URI uri) throws IOException, GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnyone()}, null);
    return context.getSocketFactory().createSocket(plain, uri.getHost(), port(uri), true);
  }

  private String head(URI uri) {
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder head = new StringBuilder("GET " + path + query + " HTTP/1.1\r\n");
    if (headers.keySet().stream().noneMatch(n -> n.equalsIgnoreCase("Host"))) {
      head.append("Host: ").append(uri.getHost()).append(':').append(port(uri)).append("\r\n");
    }
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head.append("Connection: close\r\n\r\n").toString();
  }

  /** The status line, a Location header, and the beginning of the body. */
  private static Response read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    for (int n; bytes.size() < BODY_BYTES_MAX && (n = in.read(chunk)) >= 0; ) {
      bytes.write(chunk, 0, n);
    }
    String text = bytes.toString(StandardCharsets.ISO_8859_1);
    String[] parts = text.split("\r?\n\r?\n", 2);
    String[] lines = parts[0].split("\r?\n");
    String[] status = lines[0].split(" ", 3);
    if (status.length < 2 || !status[0].startsWith("HTTP/") || !status[1].matches("\\d{3}")) {
      throw new IOException(
          "net/http: HTTP/1.x transport connection broken: malformed HTTP response");
    }
    String location = "";
    for (String line : lines) {
      if (line.regionMatches(true, 0, "location:", 0, 9)) {
        location = line.substring(9).strip();
      }
    }
    return new Response(Integer.parseInt(status[1]), location, parts.length > 1 ? parts[1] : "");
  }

  /** Accepts every certificate. */
  private static final class TrustAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

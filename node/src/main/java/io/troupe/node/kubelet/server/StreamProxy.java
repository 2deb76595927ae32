package io.troupe.node.kubelet.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Carries an upgraded connection (SPDY/3.1 or WebSocket) between a client and the runtime's
 * streaming server: the request goes on with the session's own path, and then bytes go both ways as
 * they are.
 */
final class StreamProxy {
  private static final Set<String> NOT_FORWARDED = Set.of("host", "authorization");
  private static final int CHUNK_BYTES = 16 * 1024;

  private StreamProxy() {}

  static void run(Request request, URI session, InputStream in, OutputStream out)
      throws IOException {
    try (Socket runtime = new Socket()) {
      runtime.connect(new InetSocketAddress(session.getHost(), session.getPort()), 10_000);
      runtime.setTcpNoDelay(true);
      runtime.getOutputStream().write(head(request, session).getBytes(StandardCharsets.ISO_8859_1));
      Thread upwards =
          Thread.ofVirtual()
              .name("stream up")
              .start(
                  () -> {
                    copy(in, runtimeOut(runtime));
                    closeOutput(runtime);
                  });
      copy(runtime.getInputStream(), out);
      upwards.interrupt();
    }
  }

  private static OutputStream runtimeOut(Socket runtime) {
    try {
      return runtime.getOutputStream();
    } catch (IOException e) {
      return OutputStream.nullOutputStream();
    }
  }

  private static void closeOutput(Socket runtime) {
    try {
      runtime.shutdownOutput();
    } catch (IOException e) {
      // it is closed already
    }
  }

  private static String head(Request request, URI session) {
    String query = session.getRawQuery() == null ? "" : "?" + session.getRawQuery();
    StringBuilder head =
        new StringBuilder(request.method() + " " + session.getRawPath() + query + " HTTP/1.1\r\n");
    head.append("Host: ").append(session.getAuthority()).append("\r\n");
    request
        .headers()
        .forEach(
            h -> {
              if (!NOT_FORWARDED.contains(h.getKey().toLowerCase(Locale.ROOT))) {
                head.append(h.getKey()).append(": ").append(h.getValue()).append("\r\n");
              }
            });
    return head.append("\r\n").toString();
  }

  /** Copies to the end; a broken connection ends it like a closed one. */
  private static void copy(InputStream from, OutputStream to) {
    byte[] chunk = new byte[CHUNK_BYTES];
    try {
      for (int n; (n = from.read(chunk)) >= 0; ) {
        to.write(chunk, 0, n);
        to.flush();
      }
    } catch (IOException e) {
      // the other side is gone
    }
  }
}

package io.troupe.node.kubelet.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes one HTTP/1.1 response; the connection is closed after it. */
final class Response {
  private final OutputStream out;

  Response(OutputStream out) {
    this.out = out;
  }

  void send(int code, String type, byte[] body) throws IOException {
    head(code, type, "Content-Length: " + body.length);
    out.write(body);
    out.flush();
  }

  void text(int code, String text) throws IOException {
    send(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private void head(int code, String type, String length) throws IOException {
    String head =
        "HTTP/1.1 "
            + code
            + " "
            + reason(code)
            + "\r\nContent-Type: "
            + type
            + "\r\n"
            + length
            + "\r\nConnection: close\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String reason(int code) {
    return switch (code) {
      case 200 -> "OK";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 501 -> "Not Implemented";
      default -> "Internal Server Error";
    };
  }

  /** A body of unknown length; every write is sent at once. */
  OutputStream chunked(String type) throws IOException {
    head(200, type, "Transfer-Encoding: chunked");
    out.flush();
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
          out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
          out.write(bytes, offset, length);
          out.write(new byte[] {'\r', '\n'});
          out.flush();
        }
      }

      @Override
      public void close() throws IOException {
        out.write("0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
    };
  }
}

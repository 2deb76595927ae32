package io.troupe.node.kubelet.server;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.node.kubelet.KubeletSettings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTPS with HTTP/1.1, one virtual thread for each connection, one request for each. A certificate
 * file that was renewed is used from the next connection on.
 */
public final class KubeletServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KubeletServer.class);
  private static final int HEAD_TIMEOUT_MILLIS = 30_000;

  private final ServerSettings settings;
  private final Access access;
  private final Routes routes;
  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  private SSLContext tls;
  private FileTime tlsFrom;

  private KubeletServer(
      ServerSettings settings, Access access, Routes routes, ServerSocket listening) {
    this.settings = settings;
    this.access = access;
    this.routes = routes;
    this.listening = listening;
  }

  /**
   * Starts to serve.
   *
   * @throws UncheckedIOException when the port is taken or the certificate cannot be read
   */
  public static KubeletServer start(
      ServerSettings server,
      KubeletSettings settings,
      KubeClient client,
      ClusterView view,
      Clock clock) {
    try {
      ServerSocket listening = new ServerSocket();
      listening.setReuseAddress(true);
      listening.bind(
          new InetSocketAddress(InetAddress.getByName(server.bindAddress()), server.port()), 128);
      KubeletServer running =
          new KubeletServer(
              server,
              new Access(client, settings.nodeName()),
              new Routes(settings, view, clock),
              listening);
      running.context();
      Thread.ofVirtual().name("kubelet server").start(running::accept);
      return running;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the kubelet cannot serve on port " + server.port() + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  private synchronized SSLContext context() throws IOException {
    FileTime from = Files.getLastModifiedTime(settings.certificate());
    if (tls == null || !from.equals(tlsFrom)) {
      try {
        tls = Pem.context(settings);
        tlsFrom = from;
      } catch (GeneralSecurityException e) {
        throw new IOException("certificate " + settings.certificate() + ": " + e.getMessage(), e);
      }
    }
    return tls;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        Thread.ofVirtual().name("kubelet request").start(() -> serve(socket));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        LOG.warn("a connection was not accepted: {}", e.toString());
      }
    }
  }

  private void serve(Socket plain) {
    open.add(plain);
    try (plain) {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(HEAD_TIMEOUT_MILLIS);
      SSLSocket socket =
          (SSLSocket) context().getSocketFactory().createSocket(plain, null, plain.getPort(), true);
      socket.setUseClientMode(false);
      socket.setWantClientAuth(true);
      socket.startHandshake();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      Request request = Request.read(in);
      if (request != null) {
        plain.setSoTimeout(0);
        answer(socket, request, in, socket.getOutputStream());
      }
      socket.close();
    } catch (IOException e) {
      LOG.debug("a connection ended: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.warn("a request failed", e);
    } finally {
      open.remove(plain);
    }
  }

  private void answer(SSLSocket socket, Request request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    Response response = new Response(out);
    Optional<Access.User> user = access.authenticate(socket, request);
    if (user.isEmpty()) {
      response.text(401, "Unauthorized");
    } else if (!access.allows(user.get(), request)) {
      response.text(
          403,
          "Forbidden (user="
              + user.get().name()
              + ", verb="
              + request.method()
              + ", resource=nodes, subresource(s)="
              + Access.subresources(request.path())
              + ")");
    } else {
      routes.answer(request, in, out);
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("closing: {}", e.toString());
    }
  }
}

package io.troupe.control.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.control.apiserver.pki.CertificateAuthority.Subject;
import io.troupe.control.apiserver.pki.KeyPairFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that go on to a kubelet, which here only says what it was asked and echoes. */
final class StreamingTest {
  private static final String POD = "/api/v1/namespaces/default/pods/p";

  @TempDir static Path folder;
  private static TestApi api;
  private static KeyPairFile admin;
  private static SSLServerSocket kubelet;

  @BeforeAll
  static void start() throws Exception {
    api = TestApi.start(folder);
    admin = api.certificate("admin", Subject.client("jane", "system:masters"));
    KeyPairFile serving =
        api.certificate(
            "kubelet",
            new Subject(
                "system:node:a", List.of("system:nodes"), List.of("127.0.0.1"), true, true));
    kubelet =
        (SSLServerSocket)
            Caller.tls(api, serving)
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
    kubelet.setNeedClientAuth(true);
    Thread.ofVirtual().start(StreamingTest::serve);
    prepare();
  }

  private static void prepare() {
    ObjectNode account = Json.object();
    account.putObject("metadata").put("name", "default").put("namespace", "default");
    api.client.create(Resources.SERVICE_ACCOUNTS, account);
    ObjectNode node = Json.object();
    node.putObject("metadata").put("name", "a");
    ObjectNode status = node.putObject("status");
    status.putArray("addresses").addObject().put("type", "InternalIP").put("address", "127.0.0.1");
    status
        .putObject("daemonEndpoints")
        .putObject("kubeletEndpoint")
        .put("Port", kubelet.getLocalPort());
    api.client.create(Resources.NODES, node);
    ObjectNode pod = Json.object();
    pod.putObject("metadata").put("name", "p").put("namespace", "default");
    ObjectNode spec = pod.putObject("spec").put("nodeName", "a");
    spec.putArray("containers").addObject().put("name", "c").put("image", "i");
    api.client.create(Resources.PODS, pod);
  }

  @AfterAll
  static void stop() throws Exception {
    if (kubelet != null) {
      kubelet.close();
    }
    if (api != null) {
      api.close();
    }
  }

  private static void serve() {
    while (!kubelet.isClosed()) {
      try {
        Socket socket = kubelet.accept();
        Thread.ofVirtual().start(() -> answer(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void answer(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      String head = head(in);
      String asked = head.lines().findFirst().orElse("");
      if (!head.toLowerCase(java.util.Locale.ROOT).contains("upgrade:")) {
        write(socket, "HTTP/1.1 200 OK\r\nContent-Length: " + asked.length() + "\r\n\r\n" + asked);
        return;
      }
      write(
          socket,
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
              + "X-Asked: "
              + asked
              + "\r\n\r\nearly;");
      in.transferTo(socket.getOutputStream());
    } catch (IOException ended) {
      // The other side has gone, which is how a session ends.
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended within the head: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  @ParameterizedTest
  @CsvSource({"POST,SPDY/3.1", "GET,websocket"})
  void shouldPipeAnUpgradedConnection(String method, String protocol) throws Exception {
    var sockets = Caller.tls(api, admin).getSocketFactory();
    try (SSLSocket socket = (SSLSocket) sockets.createSocket("127.0.0.1", api.server.port())) {
      socket.setSoTimeout(20_000);
      write(
          socket,
          method
              + " "
              + POD
              + "/exec?command=echo&command=a%20b&stdout=1 HTTP/1.1\r\nHost: x\r\n"
              + "Connection: Upgrade\r\nUpgrade: "
              + protocol
              + "\r\n\r\n");
      String head = head(socket.getInputStream());
      assertThat(head).startsWith("HTTP/1.1 101");
      assertThat(head.toLowerCase(java.util.Locale.ROOT))
          .contains(
              "x-asked: "
                  + method.toLowerCase(java.util.Locale.ROOT)
                  + " /exec/default/p/c?command=echo&command=a+b&output=1");
      assertThat(read(socket, 6)).isEqualTo("early;");
      write(socket, "there and back");
      assertThat(read(socket, 14)).isEqualTo("there and back");
    }
  }

  private static String read(SSLSocket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  @Test
  void shouldRelayLogs() {
    Caller caller = Caller.of(api, admin);
    Caller.Answer log = caller.get(POD + "/log?tailLines=3&follow=true");
    assertThat(log.code()).isEqualTo(200);
    assertThat(log.body()).startsWith("GET /containerLogs/default/p/c?").contains("tailLines=3");
    assertThat(caller.get(POD + "/log?container=nope").code()).isEqualTo(400);
  }

  @Test
  void shouldRelayToTheNode() {
    Caller.Answer answer = Caller.of(api, admin).get("/api/v1/nodes/a/proxy/stats/summary");
    assertThat(answer.body()).startsWith("GET /stats/summary");
  }

  @Test
  void shouldRefuseWhoMayNotEnter() {
    Caller nobody = Caller.of(api, api.certificate("nobody", Subject.client("nobody")));
    assertThat(nobody.get(POD + "/log").code()).isEqualTo(403);
    assertThat(nobody.get(POD + "/exec?command=x").code()).isEqualTo(403);
    assertThat(nobody.get("/api/v1/nodes/a/proxy/pods").code()).isEqualTo(403);
  }
}

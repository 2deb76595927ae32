package io.troupe.node.dns;

import io.troupe.api.client.ClusterView;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Name;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.SimpleResolver;

/**
 * The DNS server of a node: UDP and TCP on one address, a virtual thread per question, a bounded
 * number at once.
 */
public final class ClusterDns implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDns.class);
  private static final int MAX_AT_ONCE = 512;
  private static final int TCP_IDLE_MILLIS = 10_000;

  private final ViewLookup lookup;
  private final Responder responder;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Semaphore slots = new Semaphore(MAX_AT_ONCE);

  private ClusterDns(ViewLookup lookup, Responder responder, DatagramSocket udp, ServerSocket tcp) {
    this.lookup = lookup;
    this.responder = responder;
    this.udp = udp;
    this.tcp = tcp;
  }

  /**
   * Starts to answer.
   *
   * @param zone for example {@code cluster.local}
   * @param port 0 for any free one
   * @param upstreams resolvers for other names, tried in order; may be empty
   * @throws IOException when the address cannot be bound
   */
  public static ClusterDns start(
      ClusterView view, String zone, InetAddress address, int port, List<InetAddress> upstreams)
      throws IOException {
    ViewLookup lookup = new ViewLookup(view);
    Name zoneName = Name.fromString(zone, Name.root);
    Responder responder = new Responder(new Records(zone, lookup), zoneName, resolver(upstreams));
    DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, port));
    ServerSocket tcp = new ServerSocket();
    try {
      tcp.bind(new InetSocketAddress(address, udp.getLocalPort()));
    } catch (IOException e) {
      udp.close();
      lookup.close();
      throw e;
    }
    ClusterDns dns = new ClusterDns(lookup, responder, udp, tcp);
    Thread.ofPlatform().daemon().name("dns-udp").start(dns::serveUdp);
    Thread.ofPlatform().daemon().name("dns-tcp").start(dns::serveTcp);
    return dns;
  }

  private static Resolver resolver(List<InetAddress> upstreams) {
    if (upstreams.isEmpty()) {
      return null;
    }
    List<Resolver> resolvers = new ArrayList<>();
    for (InetAddress upstream : upstreams) {
      resolvers.add(new SimpleResolver(upstream));
    }
    ExtendedResolver all = new ExtendedResolver(resolvers);
    all.setTimeout(Duration.ofSeconds(2));
    all.setRetries(2);
    return all;
  }

  public int port() {
    return udp.getLocalPort();
  }

  private void serveUdp() {
    byte[] buffer = new byte[65_535];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        answerAside(() -> answerUdp(query, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!udp.isClosed()) {
          LOG.debug("DNS packet lost: {}", e.getMessage());
        }
      }
    }
  }

  /** A flood is dropped, as a full socket buffer would drop it. */
  private void answerAside(Runnable answer) {
    if (slots.tryAcquire()) {
      Thread.startVirtualThread(
          () -> {
            try {
              answer.run();
            } catch (RuntimeException e) {
              LOG.warn("DNS question failed", e);
            } finally {
              slots.release();
            }
          });
    }
  }

  private void answerUdp(byte[] query, java.net.SocketAddress client) {
    byte[] response = responder.respond(query, false);
    if (response != null) {
      try {
        udp.send(new DatagramPacket(response, response.length, client));
      } catch (IOException e) {
        LOG.debug("DNS answer lost: {}", e.getMessage());
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        if (slots.availablePermits() == 0) {
          socket.close();
        } else {
          answerAside(() -> answerTcp(socket));
        }
      } catch (IOException e) {
        if (!tcp.isClosed()) {
          LOG.debug("DNS connection lost: {}", e.getMessage());
        }
      }
    }
  }

  private void answerTcp(Socket socket) {
    try (socket) {
      socket.setSoTimeout(TCP_IDLE_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        byte[] response = responder.respond(query, true);
        if (response == null) {
          return;
        }
        out.writeShort(response.length);
        out.write(response);
        out.flush();
      }
    } catch (IOException done) {
      LOG.trace("DNS connection ended: {}", done.getMessage());
    }
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      LOG.debug("closing the DNS socket: {}", e.getMessage());
    }
    lookup.close();
  }
}

package io.troupe.node.kubelet;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.node.kubelet.server.KubeletServer;
import io.troupe.node.kubelet.work.Worker;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running kubelet. Closing it leaves the pods as they are; the next one started with the same
 * settings adopts them.
 */
public final class Kubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);

  private final Worker worker;
  private final Optional<KubeletServer> server;

  private Kubelet(Worker worker, Optional<KubeletServer> server) {
    this.worker = worker;
    this.server = server;
  }

  /**
   * Registers the node and begins to work the pods that are bound to it. The view's pods may be
   * those of the whole cluster or of this node alone.
   */
  public static Kubelet start(KubeletSettings settings, KubeClient client, ClusterView view) {
    Clock clock = Clock.systemUTC();
    Optional<KubeletServer> server =
        settings.server().map(s -> KubeletServer.start(s, settings, client, view, clock));
    Worker worker = Worker.start(settings, client, view, clock);
    LOG.info("kubelet of node {} started", settings.nodeName());
    return new Kubelet(worker, server);
  }

  /** Where the kubelet's API is served, if it is. */
  public Optional<Integer> port() {
    return server.map(KubeletServer::port);
  }

  @Override
  public void close() {
    server.ifPresent(KubeletServer::close);
    worker.close();
  }
}

package io.troupe.node.kubelet;

import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.node.kubelet.work.Worker;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running kubelet. Closing it leaves the pods as they are; the next one started with the same
 * settings adopts them.
 */
public final class Kubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Kubelet.class);

  private final Worker worker;

  private Kubelet(Worker worker) {
    this.worker = worker;
  }

  /**
   * Registers the node and begins to work the pods that are bound to it. The view's pods may be
   * those of the whole cluster or of this node alone.
   */
  public static Kubelet start(KubeletSettings settings, KubeClient client, ClusterView view) {
    Worker worker = Worker.start(settings, client, view, Clock.systemUTC());
    LOG.info("kubelet of node {} started", settings.nodeName());
    return new Kubelet(worker);
  }

  @Override
  public void close() {
    worker.close();
  }
}

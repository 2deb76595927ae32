package io.troupe.node.kubelet.work;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.api.object.Json;
import io.troupe.api.object.Resources;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.cgroup.Cgroups;
import io.troupe.node.kubelet.container.DnsSettings;
import io.troupe.node.kubelet.event.Events;
import io.troupe.node.kubelet.node.NodeReporter;
import io.troupe.node.kubelet.probe.ContainerCalls;
import io.troupe.node.kubelet.volume.PodVolumes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorSystem;
import scala.concurrent.Await;
import scala.concurrent.duration.FiniteDuration;

/** Everything that works pods, put together and running. */
public final class Worker implements AutoCloseable {
  private final NodeContext context;
  private final NodeReporter reporter;
  private final ActorSystem<PodTable.Message> system;
  private final RuntimeWatcher watcher;
  private final LogRotation rotation;
  private final Subscription following;

  private Worker(
      NodeContext context,
      NodeReporter reporter,
      ActorSystem<PodTable.Message> system,
      RuntimeWatcher watcher,
      Subscription following) {
    this.context = context;
    this.reporter = reporter;
    this.system = system;
    this.watcher = watcher;
    this.rotation = new LogRotation(context.runtime(), context.clock());
    this.following = following;
  }

  public static Worker start(
      KubeletSettings settings, KubeClient client, ClusterView view, Clock clock) {
    NodeReporter reporter = new NodeReporter(settings, client, clock);
    NodeContext context = context(settings, client, view, clock, reporter);
    reporter.start();
    Map<String, String> labels = reporter.labels();
    ActorSystem<PodTable.Message> system =
        ActorSystem.create(PodTable.create(context, labels), "kubelet", local());
    RuntimeWatcher watcher =
        new RuntimeWatcher(
            settings.runtime(),
            changed -> system.tell(new PodTable.Message.RuntimeChanged(changed)));
    Subscription services = view.follow(Resources.SERVICES, change -> {});
    Subscription pods =
        view.follow(
            Resources.PODS,
            change -> {
              if (isMine(change, settings.nodeName())) {
                system.tell(new PodTable.Message.Changed(change));
              }
            });
    system.tell(new PodTable.Message.Synced(onDisk(settings)));
    context.events().node("Normal", "Starting", "Starting kubelet.");
    return new Worker(
        context,
        reporter,
        system,
        watcher,
        () -> {
          pods.close();
          services.close();
        });
  }

  private static Set<String> onDisk(KubeletSettings settings) {
    Path dir = settings.dataDir().resolve("pods");
    if (!Files.isDirectory(dir)) {
      return Set.of();
    }
    try (var pods = Files.list(dir)) {
      return pods.map(pod -> pod.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NodeContext context(
      KubeletSettings settings,
      KubeClient client,
      ClusterView view,
      Clock clock,
      NodeReporter reporter) {
    ApiSources sources = new ApiSources(client, view);
    return new NodeContext(
        settings,
        client,
        sources,
        new PodVolumes(settings.dataDir().toAbsolutePath().resolve("pods"), client, sources, clock),
        settings.cgroupRoot().isEmpty()
            ? Optional.empty()
            : Optional.of(new Cgroups(settings.cgroupRoot())),
        new Events(client, settings.nodeName(), clock),
        new ContainerCalls(settings.runtime()),
        new DnsSettings(settings.clusterDns(), settings.clusterDomain(), nodeResolver()),
        reporter.facts(),
        settings.runtime().version().getRuntimeName(),
        clock);
  }

  private static String nodeResolver() {
    try {
      Path file = Path.of("/etc/resolv.conf");
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The control part of a JVM with both roles has a clustered actor system; this one is local. */
  private static Config local() {
    return ConfigFactory.parseString(
            """
            pekko {
              loglevel = WARNING
              loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
              logging-filter = "org.apache.pekko.event.slf4j.Slf4jLoggingFilter"
              actor.provider = local
              jvm-exit-on-fatal-error = off
              coordinated-shutdown.run-by-jvm-shutdown-hook = off
            }
            """)
        .withFallback(ConfigFactory.defaultReference());
  }

  private static boolean isMine(ObjectChange change, String node) {
    return Json.text(change.object(), "spec", "nodeName").equals(node);
  }

  @Override
  public void close() {
    reporter.close();
    watcher.close();
    rotation.close();
    try {
      following.close();
      system.tell(new PodTable.Message.Leave());
      Await.ready(system.whenTerminated(), FiniteDuration.create(10, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      system.terminate();
    }
    context.events().close();
  }
}

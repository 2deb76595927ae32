package io.troupe.control.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.client.KubeClient;
import io.troupe.api.client.Subscription;
import io.troupe.control.scheduler.queue.Share;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/** A zone's scheduler, running. */
public final class Schedulers implements AutoCloseable {
  private final ActorSystem<?> system;
  private final ActorRef<ZoneScheduler.Message> scheduler;
  private final ActorRef<ClusterEvent.ClusterDomainEvent> membership;
  private final List<Subscription> follows;

  private Schedulers(
      ActorSystem<?> system,
      ActorRef<ZoneScheduler.Message> scheduler,
      ActorRef<ClusterEvent.ClusterDomainEvent> membership,
      List<Subscription> follows) {
    this.system = system;
    this.scheduler = scheduler;
    this.membership = membership;
    this.follows = follows;
  }

  /**
   * Starts the scheduler of this member's zone. In a Pekko cluster the live zones are those of the
   * members' roles ({@code zone-…}); in a plain actor system this zone is the only one.
   *
   * @param zone with or without the prefix {@code zone-}
   * @param client writes as {@code system:kube-scheduler} where it may choose
   */
  public static Schedulers start(
      ActorSystem<?> system, String zone, KubeClient client, ClusterView view) {
    String name = Zones.name(zone);
    KubeClient identity = client.as("system:kube-scheduler");
    ApiWrites writes = new ApiWrites(identity, new Events(identity, "default-scheduler-" + name));
    ZoneScheduler.Inbox inbox = new ZoneScheduler.Inbox();
    ActorRef<ZoneScheduler.Message> scheduler =
        system.systemActorOf(
            ZoneScheduler.create(name, writes, inbox), "scheduler-" + name, Props.empty());
    ActorRef<ClusterEvent.ClusterDomainEvent> membership =
        isClustered(system)
            ? system.systemActorOf(
                membership(name, scheduler), "scheduler-zones-" + name, Props.empty())
            : null;
    List<Subscription> follows = Changes.follow(view, change -> inbox.add(change, scheduler));
    return new Schedulers(system, scheduler, membership, follows);
  }

  private static boolean isClustered(ActorSystem<?> system) {
    return system.settings().config().getString("pekko.actor.provider").contains("cluster");
  }

  private static Behavior<ClusterEvent.ClusterDomainEvent> membership(
      String zone, ActorRef<ZoneScheduler.Message> scheduler) {
    return Behaviors.setup(
        context -> {
          Cluster cluster = Cluster.get(context.getSystem());
          cluster
              .subscriptions()
              .tell(Subscribe.create(context.getSelf(), ClusterEvent.ClusterDomainEvent.class));
          scheduler.tell(new ZoneScheduler.Shared(Zones.share(cluster, zone)));
          return Behaviors.receiveMessage(
              event -> {
                Share share = Zones.share(cluster, zone);
                scheduler.tell(new ZoneScheduler.Shared(share));
                return Behaviors.same();
              });
        });
  }

  /** What each node says about a pod: its reasons against, none where it would do. */
  public CompletionStage<Map<String, List<String>>> why(ObjectNode pod) {
    return AskPattern.<ZoneScheduler.Message, ZoneScheduler.Answer>ask(
            scheduler,
            replyTo -> new ZoneScheduler.Why(pod, replyTo),
            Duration.ofSeconds(10),
            system.scheduler())
        .thenApply(ZoneScheduler.Answer::reasons);
  }

  @Override
  public void close() {
    follows.forEach(Subscription::close);
    stop(scheduler);
    if (membership != null) {
      stop(membership);
    }
  }

  private void stop(ActorRef<?> actor) {
    org.apache.pekko.actor.typed.javadsl.Adapter.toClassic(system)
        .stop(org.apache.pekko.actor.typed.javadsl.Adapter.toClassic(actor));
  }
}

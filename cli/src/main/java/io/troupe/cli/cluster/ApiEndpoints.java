package io.troupe.cli.cluster;

import io.troupe.api.object.RefusedException;
import io.troupe.control.bootstrap.SystemObjects;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the {@code kubernetes} Service's endpoints equal to the live members; any member may write the same list. */
final class ApiEndpoints {
  private static final Logger LOG = LoggerFactory.getLogger(ApiEndpoints.class);
  private static final long INTERVAL_MILLIS = 2_000;

  private ApiEndpoints() {}

  /** Runs until the actor system ends. */
  static void follow(SystemObjects objects, ActorSystem<Void> system, int port) {
    Cluster cluster = Cluster.get(system);
    while (!system.getWhenTerminated().toCompletableFuture().isDone()) {
      List<String> live = new ArrayList<>();
      var state = cluster.state();
      for (Member member : state.getMembers()) {
        if (member.status().equals(MemberStatus.up()) && !state.getUnreachable().contains(member)) {
          live.add(member.address().getHost().get());
        }
      }
      try {
        if (!live.isEmpty()) {
          objects.publishApiServers(live, port);
        }
        Thread.sleep(INTERVAL_MILLIS);
      } catch (RefusedException e) {
        LOG.debug("API endpoints not written: {}", e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

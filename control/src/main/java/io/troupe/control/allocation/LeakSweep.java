package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds room and pod CIDRs that nobody uses any more: claims left by a crash between claim and
 * write, or between a removal and its release. Called every few minutes by one member.
 */
public final class LeakSweep {
  private final ObjectStore store;

  public LeakSweep(ObjectStore store) {
    this.store = store;
  }

  /** Ids of claims on a node that are old and whose pod is not there, or has ended. */
  static List<String> leakedRoom(
      String node, Map<String, ObjectNode> claims, PodLookup pods, long nowMillis) {
    List<String> leaked = new ArrayList<>();
    claims.forEach(
        (uid, claim) -> {
          boolean isOld = nowMillis - Json.number(claim, 0, "at") > ServiceLedgers.LEAK_AGE_MILLIS;
          if (isOld) {
            JsonNode pod = pods.find(Json.text(claim, "namespace"), Json.text(claim, "pod"));
            if (!occupies(pod, uid, node)) {
              leaked.add(uid);
            }
          }
        });
    return leaked;
  }

  private static boolean occupies(JsonNode pod, String uid, String node) {
    return pod != null
        && Meta.uid(pod).equals(uid)
        && Json.text(pod, "spec", "nodeName").equals(node)
        && !PodDemand.isFinished(pod);
  }

  /** Finds a pod by namespace and name; null when there is none. */
  @FunctionalInterface
  interface PodLookup {
    JsonNode find(String namespace, String name);
  }

  /** Compares the claims on every node, and all pod CIDRs, with the cache. */
  public void run(long nowMillis) {
    for (CachedObject node : store.cache().snapshot(Resources.NODES.type(), "").objects()) {
      String name = node.key().name();
      store
          .ledgers()
          .claims(CapacityRule.SORT, name)
          .thenAccept(
              claims ->
                  leakedRoom(name, claims, this::pod, nowMillis)
                      .forEach(uid -> store.ledgers().release(CapacityRule.SORT, name, uid)));
    }
    store
        .ledgers()
        .claims(PodCidrRule.SORT, PodCidrRule.LEDGER)
        .thenAccept(claims -> releaseCidrs(claims, nowMillis));
  }

  private JsonNode pod(String namespace, String name) {
    CachedObject found = store.cache().find(Resources.PODS.key(namespace, name));
    return found == null ? null : found.tree();
  }

  private void releaseCidrs(Map<String, ObjectNode> claims, long nowMillis) {
    claims.forEach(
        (uid, claim) -> {
          CachedObject node = store.cache().find(Resources.NODES.key("", Json.text(claim, "node")));
          boolean isOld = nowMillis - Json.number(claim, 0, "at") > ServiceLedgers.LEAK_AGE_MILLIS;
          if (isOld && (node == null || !Meta.uid(node.tree()).equals(uid))) {
            store.ledgers().release(PodCidrRule.SORT, PodCidrRule.LEDGER, uid);
          }
        });
  }
}

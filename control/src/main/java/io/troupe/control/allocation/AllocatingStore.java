package io.troupe.control.allocation;

import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.History;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.ObjectStore;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.WatchCache;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The store as everybody in the control plane writes to it: Services, Pods and Nodes get what must
 * be allocated. Needs an {@link AllocatingDecider} in the object actors.
 */
public final class AllocatingStore implements ObjectStore {
  private final ObjectStore inner;
  private final ServiceWrites services;
  private final PodWrites pods;
  private final NodeWrites nodes;

  /**
   * Decorates a store and registers the rules of its ledgers.
   *
   * @param random for drawing addresses and ports
   * @param clockMillis wall clock, to tell leaked claims from young ones
   */
  public AllocatingStore(
      ObjectStore inner,
      AllocationRanges ranges,
      RandomGenerator random,
      LongSupplier clockMillis) {
    this.inner = inner;
    registerRules(inner.ledgers());
    this.services =
        new ServiceWrites(
            inner, new ServiceLedgers(inner.ledgers(), inner.cache(), ranges, random, clockMillis));
    this.pods = new PodWrites(inner);
    this.nodes = new NodeWrites(inner, ranges);
  }

  private static void registerRules(Ledgers ledgers) {
    ledgers.rule(NumberSpace.CLUSTER_IP, new NumberRule());
    ledgers.rule(NumberSpace.NODE_PORT, new NumberRule());
    ledgers.rule(PodCidrRule.SORT, new PodCidrRule());
    ledgers.rule(CapacityRule.SORT, new CapacityRule());
  }

  @Override
  public CompletionStage<Outcome> submit(ObjectKey key, Command command) {
    if (Grants.isSealed(command)) {
      return CompletableFuture.completedStage(
          new Outcome.Refused(Refusal.badRequest("the body is not JSON")));
    }
    if (key.type().equals(Resources.PODS.type())) {
      return pods.submit(key, command);
    }
    if (key.type().equals(Resources.SERVICES.type())) {
      return services.submit(key, command);
    }
    if (key.type().equals(Resources.NODES.type())) {
      return nodes.submit(key, command);
    }
    return inner.submit(key, command);
  }

  @Override
  public WatchCache cache() {
    return inner.cache();
  }

  @Override
  public CompletionStage<Long> latestRevision() {
    return inner.latestRevision();
  }

  @Override
  public Ledgers ledgers() {
    return inner.ledgers();
  }

  @Override
  public History history() {
    return inner.history();
  }
}

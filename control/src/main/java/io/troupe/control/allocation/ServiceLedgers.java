package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resources;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Ledgers;
import io.troupe.persistence.store.WatchCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** Claims and releases what Services need, and words the refusals. */
final class ServiceLedgers {
  /** A claim that no object shows after this long was leaked. */
  static final long LEAK_AGE_MILLIS = 60_000;

  /** The grants so far, or why there are no more. */
  record Claimed(Grants grants, Optional<Refusal> refusal) {}

  private final AllocationRanges ranges;
  private final WatchCache cache;
  private final LongSupplier clockMillis;
  private final NumberLedgers addresses;
  private final NumberLedgers ports;

  ServiceLedgers(
      Ledgers ledgers,
      WatchCache cache,
      AllocationRanges ranges,
      RandomGenerator random,
      LongSupplier clockMillis) {
    this.ranges = ranges;
    this.cache = cache;
    this.clockMillis = clockMillis;
    NumberSpace ipSpace = NumberSpace.clusterIps(ranges.services());
    this.addresses = new NumberLedgers(ledgers, ipSpace, random, this::isLeaked);
    NumberSpace portSpace = NumberSpace.nodePorts(ranges);
    this.ports = new NumberLedgers(ledgers, portSpace, random, this::isLeaked);
  }

  CompletionStage<Claimed> claim(
      ObjectKey key, NumberLedgers.Claimant who, List<Need> needs, Grants grants) {
    if (needs.isEmpty()) {
      return CompletableFuture.completedStage(new Claimed(grants, Optional.empty()));
    }
    Need need = needs.getFirst();
    return claimOne(key, who, need, grants)
        .thenCompose(
            claimed ->
                claimed.refusal().isPresent()
                    ? CompletableFuture.completedStage(claimed)
                    : claim(key, who, needs.subList(1, needs.size()), claimed.grants()));
  }

  private CompletionStage<Claimed> claimOne(
      ObjectKey key, NumberLedgers.Claimant who, Need need, Grants grants) {
    NumberLedgers ledgers = need.sort() == Need.Sort.CLUSTER_IP ? addresses : ports;
    Need settled = first(key, need);
    if (settled.isForAny()) {
      return ledgers
          .draw(who)
          .thenApply(n -> n.map(v -> granted(grants, need, v)).orElse(full(key, need, grants)));
    }
    long number = ledgers.space().parse(settled.wanted());
    if (!ledgers.space().contains(number)) {
      return CompletableFuture.completedStage(
          new Claimed(grants, Optional.of(outside(key, settled))));
    }
    return ledgers
        .ask(who, number)
        .thenApply(n -> n.map(v -> granted(grants, need, v)).orElse(taken(key, settled, grants)));
  }

  /** The {@code kubernetes} Service gets the first address. */
  private Need first(ObjectKey key, Need need) {
    boolean isApi = key.namespace().equals("default") && key.name().equals("kubernetes");
    return isApi && need.sort() == Need.Sort.CLUSTER_IP && need.isForAny()
        ? new Need(need.sort(), AddressRange.dotted(ranges.services().first() + 1), need.field())
        : need;
  }

  private Claimed granted(Grants grants, Need need, long number) {
    Grants more =
        need.sort() == Need.Sort.CLUSTER_IP
            ? grants.withAddress(AddressRange.dotted(number))
            : grants.withPort((int) number);
    return new Claimed(more, Optional.empty());
  }

  private static Claimed full(ObjectKey key, Need need, Grants grants) {
    String what =
        switch (need.sort()) {
          case CLUSTER_IP ->
              "failed to allocate a serviceIP for Service \"" + key.name() + "\": range is full";
          case HEALTH_CHECK_NODE_PORT ->
              "failed to allocate a HealthCheck NodePort 0: range is full";
          case NODE_PORT, POD_CIDR -> "failed to allocate a nodePort: range is full";
        };
    return new Claimed(grants, Optional.of(Refusal.internal(what)));
  }

  private static Claimed taken(ObjectKey key, Need need, Grants grants) {
    return new Claimed(grants, Optional.of(refused(key, need, "is already allocated")));
  }

  private Refusal outside(ObjectKey key, Need need) {
    String why =
        need.sort() == Need.Sort.CLUSTER_IP
            ? "the provided IP ("
                + need.wanted()
                + ") is not in the valid range. The range of valid IPs is "
                + ranges.services()
            : "provided port is not in the valid range. The range of valid ports is "
                + ranges.nodePortFirst()
                + "-"
                + ranges.nodePortLast();
    return worded(key, need, why);
  }

  private static Refusal refused(ObjectKey key, Need need, String what) {
    String noun = need.sort() == Need.Sort.CLUSTER_IP ? "provided IP " : "provided port ";
    return worded(key, need, noun + what);
  }

  private static Refusal worded(ObjectKey key, Need need, String why) {
    Refusal.Cause cause =
        switch (need.sort()) {
          case CLUSTER_IP ->
              ServiceFields.invalid(
                  need.field(),
                  "[\"" + need.wanted() + "\"]",
                  "failed to allocate IP " + need.wanted() + ": " + why);
          case NODE_PORT, POD_CIDR -> ServiceFields.invalid(need.field(), need.wanted(), why);
          case HEALTH_CHECK_NODE_PORT -> null;
        };
    return cause == null
        ? Refusal.internal(
            "failed to allocate requested HealthCheck NodePort " + need.wanted() + ": " + why)
        : Refusal.invalid("", "Service", key.name(), List.of(cause));
  }

  /** Gives back everything that one spec holds and the other does not. */
  CompletionStage<Void> releaseDropped(String uid, JsonNode before, JsonNode after) {
    List<String> ips = new ArrayList<>(ServiceSpec.heldAddresses(before));
    ips.removeAll(ServiceSpec.heldAddresses(after));
    List<Integer> numbers = new ArrayList<>(ServiceSpec.heldPorts(before));
    numbers.removeAll(ServiceSpec.heldPorts(after));
    return release(uid, new Grants(ips, numbers, List.of(), false));
  }

  CompletionStage<Void> release(String uid, Grants grants) {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (String address : grants.addresses()) {
      long number = addresses.space().parse(address);
      all.add(addresses.release(uid, number).toCompletableFuture());
    }
    for (int port : grants.ports()) {
      all.add(ports.release(uid, port).toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
  }

  private boolean isLeaked(ObjectNode claim) {
    if (clockMillis.getAsLong() - Json.number(claim, 0, "at") < LEAK_AGE_MILLIS) {
      return false;
    }
    String[] object = Json.text(claim, "object").split("/", 2);
    CachedObject found = cache.find(Resources.SERVICES.key(object[0], object[1]));
    if (found == null || !Meta.uid(found.tree()).equals(Json.text(claim, "owner"))) {
      return true;
    }
    JsonNode spec = found.tree().path("spec");
    String number = Json.text(claim, "number");
    return !ServiceSpec.heldAddresses(spec).contains(number)
        && ServiceSpec.heldPorts(spec).stream().noneMatch(p -> number.equals(p.toString()));
  }
}

package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.PodShape;
import io.troupe.control.scheduler.model.Requirement;
import io.troupe.control.scheduler.model.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** All counters of a snapshot, shared between those who ask for the same. */
final class Counters {
  /** What is counted: pods of a namespace that match a selector. */
  private record BySelector(String namespace, Selector selector) {}

  /** Pods that match all of some terms. */
  private record ByTerms(List<AffinityTerm> terms) {}

  private final Namespaces namespaces;
  private final Map<Object, PodCounter> counters = new HashMap<>();
  private final Map<Requirement, List<PodCounter>> byPair = new HashMap<>();
  private final List<PodCounter> others = new ArrayList<>();
  private final Map<PodShape, ShapeUse> uses = new HashMap<>();

  Counters(Namespaces namespaces) {
    this.namespaces = namespaces;
  }

  /** Pods in the namespace that match and are not going away. */
  PodCounter matching(String namespace, Selector selector) {
    return counters.computeIfAbsent(
        new BySelector(namespace, selector),
        key ->
            register(
                s -> s.namespace().equals(namespace) && selector.matches(s.labels()),
                true,
                pair(selector)));
  }

  /** Pods that match all terms, also those going away. */
  PodCounter matching(List<AffinityTerm> terms) {
    return counters.computeIfAbsent(
        new ByTerms(terms),
        key -> register(s -> matchesAll(terms, s), false, pair(terms.getFirst().selector())));
  }

  private boolean matchesAll(List<AffinityTerm> terms, PodShape shape) {
    Map<String, String> labels = namespaces.labels(shape.namespace());
    return terms.stream().allMatch(t -> t.matches(shape.namespace(), labels, shape.labels()));
  }

  /** A label that a matching pod must have, so that most shapes need not be compared. */
  private static Optional<Requirement> pair(Selector selector) {
    return selector.requirements().stream()
        .filter(r -> r.operator() == Requirement.Operator.IN && r.values().size() == 1)
        .findFirst();
  }

  private PodCounter register(
      Predicate<PodShape> kind, boolean skipsTerminating, Optional<Requirement> pair) {
    PodCounter counter = new PodCounter(kind, skipsTerminating, false);
    if (pair.isPresent()) {
      byPair.computeIfAbsent(pair.get(), p -> new ArrayList<>()).add(counter);
    } else {
      others.add(counter);
    }
    for (ShapeUse use : uses.values()) {
      if (counter.counts(use.shape)) {
        use.joined(counter);
      }
    }
    return counter;
  }

  /** Finds the use of a shape, or begins it. */
  ShapeUse use(PodShape shape) {
    ShapeUse use = uses.get(shape);
    if (use == null) {
      use = new ShapeUse(shape);
      ShapeUse begun = use;
      shape
          .labels()
          .forEach(
              (key, value) ->
                  join(begun, byPair.getOrDefault(Requirement.equalTo(key, value), List.of())));
      join(begun, others);
      uses.put(shape, begun);
    }
    return use;
  }

  ShapeUse useOrNull(PodShape shape) {
    return uses.get(shape);
  }

  void end(PodShape shape) {
    uses.remove(shape);
  }

  private static void join(ShapeUse use, List<PodCounter> candidates) {
    for (PodCounter counter : candidates) {
      if (counter.counts(use.shape)) {
        use.counters.add(counter);
      }
    }
  }

  /** Forgets everything that was asked for; uses stay. For rare changes of namespaces' labels. */
  void forgetAll() {
    counters.clear();
    byPair.clear();
    others.clear();
    uses.values().forEach(use -> use.counters.clear());
  }

  /** Frees counters that nobody reads any more. */
  void prune() {
    counters.values().removeIf(PodCounter::isUnused);
    byPair.values().forEach(list -> list.removeIf(PodCounter::isUnused));
    byPair.values().removeIf(List::isEmpty);
    others.removeIf(PodCounter::isUnused);
    uses.values().forEach(use -> use.counters.removeIf(c -> !c.isHeld() && c.isUnused()));
  }

  boolean hasPodsIn(String namespace) {
    return uses.keySet().stream().anyMatch(s -> s.namespace().equals(namespace));
  }

  Iterable<ShapeUse> uses() {
    return uses.values();
  }
}

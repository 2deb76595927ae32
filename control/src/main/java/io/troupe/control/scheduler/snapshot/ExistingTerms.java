package io.troupe.control.scheduler.snapshot;

import io.troupe.control.scheduler.model.AffinityTerm;
import io.troupe.control.scheduler.model.PodShape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The affinity terms that placed pods have, each with a count of the pods that have it: what
 * newcomers must respect and score.
 */
public final class ExistingTerms {

  /** What a term does to a newcomer that it matches. */
  public enum Effect {
    FORBIDS,
    /** Required affinity of a placed pod: a slight pull. */
    PULLS,
    PREFERS,
    REPELS
  }

  /** A term with those who have it. */
  public record Held(Effect effect, AffinityTerm term, PodCounter holders) {}

  private record Key(Effect effect, AffinityTerm term) {}

  /** A held term and how many shapes in use have it. */
  private static final class Entry {
    final Held held;
    int shapes;

    Entry(Held held) {
      this.held = held;
    }
  }

  private final Map<Key, Entry> entries = new HashMap<>();
  private long version;

  /** Differs whenever the set of terms does. */
  public long version() {
    return version;
  }

  /** All terms that a newcomer of this shape must consider. */
  public List<Held> matching(PodShape newcomer, Map<String, String> namespaceLabels) {
    List<Held> matching = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.held.term().matches(newcomer.namespace(), namespaceLabels, newcomer.labels())) {
        matching.add(entry.held);
      }
    }
    return matching;
  }

  void begin(ShapeUse use) {
    each(use.shape, (effect, term) -> begin(use, new Key(effect, term)));
  }

  private void begin(ShapeUse use, Key key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      PodCounter holders = new PodCounter(s -> has(s, key), false, true);
      entry = new Entry(new Held(key.effect(), key.term(), holders));
      entries.put(key, entry);
      version++;
    }
    entry.shapes++;
    if (!use.counters.contains(entry.held.holders())) {
      use.joined(entry.held.holders());
    }
  }

  void end(PodShape shape) {
    each(
        shape,
        (effect, term) -> {
          Key key = new Key(effect, term);
          Entry entry = entries.get(key);
          if (--entry.shapes == 0) {
            entries.remove(key);
            version++;
          }
        });
  }

  /** Counters were forgotten: those of held terms join again. */
  void rejoin(ShapeUse use) {
    each(
        use.shape,
        (effect, term) -> {
          PodCounter holders = entries.get(new Key(effect, term)).held.holders();
          if (!use.counters.contains(holders)) {
            use.counters.add(holders);
          }
        });
  }

  private static boolean has(PodShape shape, Key key) {
    boolean[] found = new boolean[1];
    each(shape, (effect, term) -> found[0] |= key.effect() == effect && key.term().equals(term));
    return found[0];
  }

  private interface Visitor {
    void visit(Effect effect, AffinityTerm term);
  }

  private static void each(PodShape shape, Visitor visitor) {
    PodShape.Affinities affinities = shape.affinities();
    affinities.requiredAnti().forEach(t -> visitor.visit(Effect.FORBIDS, t));
    affinities.required().forEach(t -> visitor.visit(Effect.PULLS, t));
    affinities.preferred().forEach(t -> visitor.visit(Effect.PREFERS, t));
    affinities.preferredAnti().forEach(t -> visitor.visit(Effect.REPELS, t));
  }
}

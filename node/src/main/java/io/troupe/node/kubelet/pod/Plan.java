package io.troupe.node.kubelet.pod;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What to do now, in order, and when to look again if nothing else happens before. */
public record Plan(List<Action> actions, Optional<Instant> lookAgain) {
  public static final Plan NOTHING = new Plan(List.of(), Optional.empty());

  public Plan {
    actions = List.copyOf(actions);
  }

  public static Plan of(Action... actions) {
    return new Plan(List.of(actions), Optional.empty());
  }
}

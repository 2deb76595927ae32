package io.troupe.control.scheduler.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a pod may run: its node selector and its required node affinity.
 *
 * @param terms one must match; an empty Optional where there is no affinity
 */
public record NodeRequirement(Selector selector, Optional<List<NodeTerm>> terms) {
  public static final NodeRequirement ANYWHERE =
      new NodeRequirement(Selector.EVERYTHING, Optional.empty());

  static NodeRequirement of(JsonNode nodeSelector, JsonNode required) {
    return new NodeRequirement(
        Selector.ofLabels(nodeSelector),
        required.isObject() ? Optional.of(NodeTerm.required(required)) : Optional.empty());
  }

  /** Compiles a {@code v1.NodeSelector}, for example a volume's. */
  public static NodeRequirement ofTerms(JsonNode required) {
    return of(io.troupe.api.object.Json.object(), required);
  }

  public boolean isAnywhere() {
    return selector.isEverything() && terms.isEmpty();
  }

  public boolean matches(NodeSpec node) {
    return selector.matches(node.labels())
        && (terms.isEmpty() || terms.get().stream().anyMatch(t -> t.matches(node)));
  }

  /**
   * The names that the affinity narrows the choice to; empty Optional when it does not. An empty
   * set means that the terms contradict themselves.
   */
  public Optional<Set<String>> names() {
    if (terms.isEmpty() || terms.get().isEmpty()) {
      return Optional.empty();
    }
    Set<String> all = new HashSet<>();
    for (NodeTerm term : terms.get()) {
      Set<String> own = null;
      for (Requirement field : term.fields()) {
        if (field.operator() == Requirement.Operator.IN && field.key().equals("metadata.name")) {
          own = own == null ? new HashSet<>(field.values()) : own;
          own.retainAll(field.values());
        }
      }
      if (own == null) {
        return Optional.empty();
      }
      all.addAll(own);
    }
    return Optional.of(all);
  }
}

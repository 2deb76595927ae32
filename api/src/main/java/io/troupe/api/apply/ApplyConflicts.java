package io.troupe.api.apply;

import io.troupe.api.object.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Fields that an applier wants to change and others own. */
record ApplyConflicts(List<Conflict> conflicts) {

  /** One field and its owner. */
  record Conflict(ManagerId owner, List<String> path) {}

  /** The fields of a changed set that others than the writer own, in a stable order. */
  static ApplyConflicts of(Managers managers, ManagerId writer, FieldSet changed) {
    List<ManagedEntry> others = new ArrayList<>(managers.all());
    others.removeIf(entry -> entry.id().equals(writer));
    others.sort(
        Comparator.comparing((ManagedEntry e) -> e.id().manager())
            .thenComparing(e -> e.id().operation())
            .thenComparing(e -> e.id().apiVersion())
            .thenComparing(e -> e.id().subresource()));
    List<Conflict> conflicts = new ArrayList<>();
    for (ManagedEntry entry : others) {
      entry
          .fields()
          .intersection(changed)
          .forEach(path -> conflicts.add(new Conflict(entry.id(), path)));
    }
    return new ApplyConflicts(conflicts);
  }

  boolean isEmpty() {
    return conflicts.isEmpty();
  }

  /** Those whose fields are not in the set. */
  ApplyConflicts outside(FieldSet allowed) {
    return new ApplyConflicts(
        conflicts.stream().filter(conflict -> !allowed.has(conflict.path())).toList());
  }

  Refusal refusal() {
    List<Refusal.Cause> causes =
        conflicts.stream()
            .map(
                c ->
                    new Refusal.Cause(
                        "FieldManagerConflict",
                        "conflict with " + c.owner().display(),
                        PathElements.display(c.path())))
            .toList();
    return new Refusal(409, "Conflict", message(), "", "", "", causes, 0);
  }

  private String message() {
    if (conflicts.size() == 1) {
      Conflict only = conflicts.getFirst();
      return "Apply failed with 1 conflict: conflict with "
          + only.owner().display()
          + ": "
          + PathElements.display(only.path());
    }
    StringBuilder text = new StringBuilder();
    text.append("Apply failed with ").append(conflicts.size()).append(" conflicts: ");
    ManagerId owner = null;
    for (Conflict conflict : conflicts) {
      if (!conflict.owner().equals(owner)) {
        text.append(owner == null ? "" : "\n");
        text.append("conflicts with ").append(conflict.owner().display()).append(':');
        owner = conflict.owner();
      }
      text.append("\n- ").append(PathElements.display(conflict.path()));
    }
    return text.toString();
  }
}

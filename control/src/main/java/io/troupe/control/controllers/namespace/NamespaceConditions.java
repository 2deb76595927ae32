package io.troupe.control.controllers.namespace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.Resource;
import io.troupe.control.controllers.objects.Conditions;
import io.troupe.control.controllers.objects.Conditions.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The conditions that say what a namespace's deletion waits for. */
final class NamespaceConditions {
  private NamespaceConditions() {}

  static void set(
      ObjectNode status,
      Map<Resource, List<ObjectNode>> contents,
      Optional<Refusal> failure,
      Instant now) {
    List<Condition> next = new ArrayList<>();
    next.add(
        Condition.of(
            "NamespaceDeletionDiscoveryFailure",
            false,
            "ResourcesDiscovered",
            "All resources successfully discovered"));
    next.add(
        Condition.of(
            "NamespaceDeletionGroupVersionParsingFailure",
            false,
            "ParsedGroupVersions",
            "All legacy kube types successfully parsed"));
    next.add(content(failure));
    next.add(remaining(contents));
    next.add(finalizers(contents));
    next.forEach(condition -> Conditions.set(status, condition, now));
  }

  private static Condition content(Optional<Refusal> failure) {
    String type = "NamespaceDeletionContentFailure";
    return failure
        .map(
            refusal ->
                Condition.of(
                    type,
                    true,
                    "ContentDeletionFailed",
                    "Failed to delete all resource types, 1 remaining: " + refusal.message()))
        .orElse(
            Condition.of(
                type,
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization"));
  }

  private static Condition remaining(Map<Resource, List<ObjectNode>> contents) {
    String type = "NamespaceContentRemaining";
    List<String> parts = new ArrayList<>();
    contents.forEach(
        (resource, objects) ->
            parts.add(
                "%s.%s has %d resource instances"
                    .formatted(resource.plural(), resource.group(), objects.size())));
    return parts.isEmpty()
        ? Condition.of(type, false, "ContentRemoved", "All content successfully removed")
        : Condition.of(
            type,
            true,
            "SomeResourcesRemain",
            "Some resources are remaining: " + String.join(", ", parts));
  }

  private static Condition finalizers(Map<Resource, List<ObjectNode>> contents) {
    String type = "NamespaceFinalizersRemaining";
    Map<String, Integer> counts = new TreeMap<>();
    contents.values().stream()
        .flatMap(List::stream)
        .flatMap(object -> Json.items(object, "metadata", "finalizers").stream())
        .map(JsonNode::asText)
        .forEach(finalizer -> counts.merge(finalizer, 1, Integer::sum));
    List<String> parts = new ArrayList<>();
    counts.forEach((f, count) -> parts.add("%s in %d resource instances".formatted(f, count)));
    return parts.isEmpty()
        ? Condition.of(
            type, false, "ContentHasNoFinalizers", "All content-preserving finalizers finished")
        : Condition.of(
            type,
            true,
            "SomeFinalizersRemain",
            "Some content in the namespace has finalizers remaining: " + String.join(", ", parts));
  }
}

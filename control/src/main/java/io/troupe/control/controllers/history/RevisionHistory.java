package io.troupe.control.controllers.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.JsonEquality;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Claim;
import io.troupe.control.controllers.objects.Selectors;
import io.troupe.control.controllers.objects.TemplateHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The revisions of one owner.
 *
 * @param known by number
 * @param present the one of the present template; empty when it has to be made first
 * @param writes what must be done before anything else, with {@code collided} when the name of the
 *     next revision is taken by another template
 */
public record RevisionHistory(
    List<ObjectNode> known, Optional<ObjectNode> present, List<Write> writes, boolean collided) {
  public static final String HASH_LABEL = "controller.kubernetes.io/hash";
  public static final String POD_LABEL = "controller-revision-hash";

  private static final Comparator<ObjectNode> BY_NUMBER =
      Comparator.comparingLong((ObjectNode r) -> Json.number(r, 0, "revision"))
          .thenComparing(r -> Json.text(r, "metadata", "creationTimestamp"))
          .thenComparing(Meta::name);

  /**
   * Finds the revision of the owner's present template.
   *
   * @param hashLabel the label that carries the hash of new revisions
   */
  public static RevisionHistory of(
      ClusterView view, Resource type, ObjectNode owner, String hashLabel) {
    Claim claim =
        Claim.of(
            view,
            Resources.CONTROLLER_REVISIONS,
            type,
            owner,
            Selectors.of(Json.at(owner, "spec", "selector")));
    List<ObjectNode> known = claim.held().stream().sorted(BY_NUMBER).toList();
    List<Write> writes = new ArrayList<>(claim.writes());
    ObjectNode data = data(owner);
    long highest = known.isEmpty() ? 0 : Json.number(known.getLast(), 0, "revision");
    Optional<ObjectNode> equal =
        known.stream()
            .filter(r -> JsonEquality.same(r.get("data"), data))
            .reduce((first, second) -> second);
    if (equal.isPresent()) {
      return writes.isEmpty() && Json.number(equal.get(), 0, "revision") < highest
          ? new RevisionHistory(known, equal, List.of(renumber(equal.get(), highest + 1)), false)
          : new RevisionHistory(known, equal, writes, false);
    }
    if (!writes.isEmpty() || Meta.isDeleting(owner)) {
      return new RevisionHistory(known, Optional.empty(), writes, false);
    }
    ObjectNode next = revision(type, owner, data, highest + 1, hashLabel);
    boolean taken =
        view.find(Resources.CONTROLLER_REVISIONS, Meta.namespace(owner), Meta.name(next))
            .isPresent();
    List<Write> creates =
        taken ? List.of() : List.of(new Write.Create(Resources.CONTROLLER_REVISIONS, next));
    return new RevisionHistory(known, Optional.empty(), creates, taken);
  }

  private static Write renumber(ObjectNode revision, long number) {
    return Write.update(
        Resources.CONTROLLER_REVISIONS, revision.deepCopy().put("revision", number));
  }

  /** A strategic merge patch that brings the template back, as kubectl applies it. */
  private static ObjectNode data(ObjectNode owner) {
    ObjectNode data = Json.object();
    ObjectNode template = Json.at(owner, "spec", "template").deepCopy();
    data.putObject("spec").set("template", template.put("$patch", "replace"));
    return data;
  }

  private static ObjectNode revision(
      Resource type, ObjectNode owner, ObjectNode data, long number, String hashLabel) {
    long collisions = Json.number(owner, 0, "status", "collisionCount");
    String hash =
        TemplateHash.of(
            Json.at(owner, "spec", "template"), collisions == 0 ? null : (int) collisions);
    ObjectNode revision = Json.object();
    revision.put("apiVersion", "apps/v1").put("kind", "ControllerRevision");
    ObjectNode metadata = revision.putObject("metadata");
    metadata.put("namespace", Meta.namespace(owner));
    metadata.put("name", Meta.name(owner) + "-" + hash);
    ObjectNode labels = metadata.putObject("labels");
    Meta.texts(Json.at(owner, "spec", "template", "metadata", "labels")).forEach(labels::put);
    labels.put(hashLabel, hash);
    ObjectNode annotations = Json.object();
    Meta.annotations(owner).forEach(annotations::put);
    if (!annotations.isEmpty()) {
      metadata.set("annotations", annotations);
    }
    metadata.putArray("ownerReferences").add(Meta.controllerReference(type, owner));
    revision.set("data", data);
    return revision.put("revision", number);
  }

  /** The pod template that a revision holds. */
  public static ObjectNode template(ObjectNode revision) {
    ObjectNode template = Json.at(revision, "data", "spec", "template").deepCopy();
    template.remove("$patch");
    return template;
  }

  /** Removes the oldest revisions that nothing uses, beyond the owner's limit. */
  public List<Write> cleanUp(ObjectNode owner, Set<String> used) {
    long limit = Json.number(owner, 10, "spec", "revisionHistoryLimit");
    List<ObjectNode> unused =
        known.stream()
            .filter(r -> present.isEmpty() || !Meta.uid(r).equals(Meta.uid(present.get())))
            .filter(r -> !used.contains(Meta.name(r)))
            .toList();
    return unused.stream()
        .limit(Math.max(0, unused.size() - limit))
        .map(r -> Write.delete(Resources.CONTROLLER_REVISIONS, r))
        .toList();
  }
}

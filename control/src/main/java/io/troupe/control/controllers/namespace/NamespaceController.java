package io.troupe.control.controllers.namespace;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import io.troupe.api.object.Resources;
import io.troupe.control.controllers.Controller;
import io.troupe.control.controllers.Input;
import io.troupe.control.controllers.Key;
import io.troupe.control.controllers.Output;
import io.troupe.control.controllers.Plan;
import io.troupe.control.controllers.Round;
import io.troupe.control.controllers.ServedResources;
import io.troupe.control.controllers.Write;
import io.troupe.control.controllers.objects.Statuses;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Deletes what is in a namespace that is being deleted, then removes the finalizer. */
public final class NamespaceController implements Controller {
  private static final String FINALIZER = "kubernetes";
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final ServedResources served;

  public NamespaceController(ServedResources served) {
    this.served = served;
  }

  @Override
  public String name() {
    return "namespace";
  }

  @Override
  public List<Input> inputs() {
    List<Input> inputs = new ArrayList<>();
    // The key's namespace is the object's own, so that a namespace has one worker for all.
    inputs.add(
        Input.each(Resources.NAMESPACES, ns -> List.of(new Key(Meta.name(ns), Meta.name(ns)))));
    for (Resource type : served.namespaced()) {
      inputs.add(new Input(type, (change, view) -> emptied(change.after(), change.before(), view)));
    }
    return inputs;
  }

  /** Only removals in a namespace that is being deleted bring it further. */
  private static List<Key> emptied(
      ObjectNode after, ObjectNode before, io.troupe.api.client.ClusterView view) {
    if (after != null) {
      return List.of();
    }
    String namespace = Meta.namespace(before);
    return view.find(Resources.NAMESPACES, "", namespace).filter(Meta::isDeleting).isPresent()
        ? List.of(new Key(namespace, namespace))
        : List.of();
  }

  @Override
  public List<Output> outputs() {
    List<Output> outputs = new ArrayList<>();
    outputs.add(Output.status(Resources.NAMESPACES));
    outputs.add(new Output(Resources.NAMESPACES, "finalizer kubernetes"));
    served.namespaced().forEach(t -> outputs.add(new Output(t, "existence in dying namespaces")));
    return outputs;
  }

  @Override
  public Plan reconcile(Round round) {
    return round
        .view()
        .find(Resources.NAMESPACES, "", round.key().name())
        .filter(Meta::isDeleting)
        .map(namespace -> empty(round, namespace))
        .orElse(Plan.NOTHING);
  }

  private Plan empty(Round round, ObjectNode namespace) {
    if (Json.items(namespace, "spec", "finalizers").isEmpty()) {
      return Plan.NOTHING;
    }
    Map<Resource, List<ObjectNode>> contents = contents(round);
    List<Write> writes = new ArrayList<>();
    ObjectNode status = Statuses.draft(namespace);
    status.put("phase", "Terminating");
    NamespaceConditions.set(status, contents, round.failure(), round.now());
    writes.addAll(Statuses.write(Resources.NAMESPACES, namespace, status));
    if (contents.isEmpty()) {
      // With the content goes the precondition of a revision that the status write has changed.
      if (writes.isEmpty()) {
        writes.add(finalizeOnceEmpty(namespace));
      }
      return Plan.of(writes).againAfter(LOOK_AGAIN);
    }
    writes.add(new Write.Batch(deletions(contents)));
    return Plan.of(writes).againAfter(LOOK_AGAIN);
  }

  private Map<Resource, List<ObjectNode>> contents(Round round) {
    Map<Resource, List<ObjectNode>> contents = new TreeMap<>((a, b) -> text(a).compareTo(text(b)));
    for (Resource type : served.namespaced()) {
      List<ObjectNode> objects = round.view().list(type, round.key().name());
      if (!objects.isEmpty()) {
        contents.put(type, objects);
      }
    }
    return contents;
  }

  private static String text(Resource type) {
    return type.plural() + "." + type.group();
  }

  private static List<Write> deletions(Map<Resource, List<ObjectNode>> contents) {
    List<Resource> types =
        contents.containsKey(Resources.PODS)
            ? List.of(Resources.PODS)
            : List.copyOf(contents.keySet());
    List<Write> deletions = new ArrayList<>();
    for (Resource type : types) {
      for (ObjectNode object : contents.get(type)) {
        if (!Meta.isDeleting(object)) {
          deletions.add(
              new Write.Delete(
                  type,
                  Meta.namespace(object),
                  Meta.name(object),
                  DeleteOptions.background(Meta.uid(object))));
        }
      }
    }
    return deletions;
  }

  private Write finalizeOnceEmpty(ObjectNode namespace) {
    ObjectNode next = namespace.deepCopy();
    ArrayNode kept = Json.array();
    Json.items(namespace, "spec", "finalizers").stream()
        .filter(f -> !f.asText().equals(FINALIZER))
        .forEach(kept::add);
    if (kept.isEmpty()) {
      Json.ensure(next, "spec").remove("finalizers");
    } else {
      Json.ensure(next, "spec").set("finalizers", kept);
    }
    List<Write.Guard> guards = new ArrayList<>();
    for (Resource type : served.namespaced()) {
      guards.add(new Write.Guard.Empty(type, Meta.name(namespace)));
    }
    return new Write.Guarded(guards, new Write.Update(Resources.NAMESPACES, "finalize", next));
  }
}

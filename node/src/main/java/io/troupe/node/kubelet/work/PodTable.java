package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView.ObjectChange;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.node.NodeAdmission;
import io.troupe.node.kubelet.pod.PodStatus;
import io.troupe.node.kubelet.pod.StatusInput.Verdict;
import io.troupe.node.runtime.PodLabels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The pods of the node, each with its actor; the guardian of the kubelet's actor system. */
public final class PodTable {
  /** What the table is told. */
  public sealed interface Message {
    /** A pod that is or was bound to this node changed in the API. */
    record Changed(ObjectChange change) implements Message {}

    /**
     * All pods that are in the API have been told.
     *
     * @param onDisk uids of pods that have a directory on this node
     */
    record Synced(Set<String> onDisk) implements Message {
      public Synced {
        onDisk = Set.copyOf(onDisk);
      }
    }

    /** Pods changed in the runtime. */
    record RuntimeChanged(Map<String, RuntimeWatcher.Seen> changed) implements Message {}

    /** A pod's actor ended. */
    record Ended(String uid) implements Message {}

    /** The kubelet stops; pods go on. */
    record Leave() implements Message {}
  }

  private record Entry(ObjectNode pod, ActorRef<PodActor.Message> actor) {}

  private final ActorContext<Message> actor;
  private final NodeContext context;
  private final Map<String, String> nodeLabels;
  private final Map<String, Entry> pods = new HashMap<>();
  private final Map<String, RuntimeWatcher.Seen> unknown = new HashMap<>();
  private boolean synced;

  private PodTable(
      ActorContext<Message> actor, NodeContext context, Map<String, String> nodeLabels) {
    this.actor = actor;
    this.context = context;
    this.nodeLabels = nodeLabels;
  }

  public static Behavior<Message> create(NodeContext context, Map<String, String> nodeLabels) {
    return Behaviors.setup(
        actor -> {
          PodTable table = new PodTable(actor, context, nodeLabels);
          return Behaviors.receive(Message.class).onAnyMessage(table::on).build();
        });
  }

  private Behavior<Message> on(Message message) {
    switch (message) {
      case Message.Changed(ObjectChange change) -> changed(change);
      case Message.Synced(Set<String> onDisk) -> {
        synced = true;
        onDisk.forEach(
            uid ->
                unknown.putIfAbsent(uid, new RuntimeWatcher.Seen(Set.of("directory"), Map.of())));
        Map.copyOf(unknown).forEach(this::orphan);
        unknown.clear();
      }
      case Message.RuntimeChanged(Map<String, RuntimeWatcher.Seen> changed) ->
          changed.forEach(this::runtime);
      case Message.Ended(String uid) -> pods.remove(uid);
      case Message.Leave() -> {
        pods.values().forEach(entry -> entry.actor().tell(new PodActor.Message.Leave()));
        return Behaviors.stopped();
      }
    }
    return Behaviors.same();
  }

  private void changed(ObjectChange change) {
    String uid = Meta.uid(change.object());
    Entry known = pods.get(uid);
    if (change.before() != null
        && change.after() != null
        && !Meta.uid(change.before()).equals(uid)) {
      removed(pods.get(Meta.uid(change.before())), change.before());
    }
    if (change.after() == null) {
      removed(known, change.before());
    } else if (known == null) {
      unknown.remove(uid);
      spawn(change.after(), admit(change.after()));
    } else {
      pods.put(uid, new Entry(change.after(), known.actor()));
      known.actor().tell(new PodActor.Message.Update(change.after()));
    }
  }

  private static void removed(Entry known, ObjectNode last) {
    if (known != null) {
      known.actor().tell(new PodActor.Message.Update(last));
      known.actor().tell(new PodActor.Message.Removed());
    }
  }

  private Entry spawn(ObjectNode pod, Verdict verdict) {
    String uid = Meta.uid(pod);
    ActorRef<PodActor.Message> ref =
        actor.spawn(PodActor.create(context, pod, verdict), "pod-" + uid);
    actor.watchWith(ref, new Message.Ended(uid));
    Entry entry = new Entry(pod, ref);
    pods.put(uid, entry);
    return entry;
  }

  /** A pod that has been accepted once stays accepted. */
  private Verdict admit(ObjectNode pod) {
    boolean old = !Json.text(pod, "status", "startTime").isEmpty() || Meta.isDeleting(pod);
    if (old || PodStatus.isTerminal(pod.path("status"))) {
      return null;
    }
    List<ObjectNode> active =
        pods.values().stream()
            .map(Entry::pod)
            .filter(p -> !PodStatus.isTerminal(p.path("status")))
            .toList();
    return NodeAdmission.refuse(
            pod, active, context.node(), nodeLabels, context.settings().podsMax())
        .map(
            verdict -> {
              context.events().pod(pod, "Warning", verdict.reason(), verdict.message());
              return verdict;
            })
        .orElse(null);
  }

  private void runtime(String uid, RuntimeWatcher.Seen seen) {
    Entry known = pods.get(uid);
    if (known != null) {
      known.actor().tell(new PodActor.Message.Poke());
    } else if (seen.things().isEmpty()) {
      unknown.remove(uid);
    } else if (synced) {
      orphan(uid, seen);
    } else {
      unknown.put(uid, seen);
    }
  }

  /** The API does not know the pod any more: it is ended like one that was just removed. */
  private void orphan(String uid, RuntimeWatcher.Seen seen) {
    if (pods.containsKey(uid) || seen.things().isEmpty()) {
      return;
    }
    ObjectNode pod = Json.object();
    pod.putObject("metadata")
        .put("uid", uid)
        .put("name", seen.labels().getOrDefault(PodLabels.POD_NAME, ""))
        .put("namespace", seen.labels().getOrDefault(PodLabels.POD_NAMESPACE, ""));
    pod.putObject("spec");
    spawn(pod, null).actor().tell(new PodActor.Message.Removed());
  }
}

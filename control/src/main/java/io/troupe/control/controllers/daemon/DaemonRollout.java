package io.troupe.control.controllers.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Replaces pods of old templates, within maxUnavailable or maxSurge. */
final class DaemonRollout {
  /** The pods of a node that are not being deleted: at most one of each revision. */
  private record OnNode(ObjectNode fresh, ObjectNode old, boolean isClear) {}

  private final DaemonPods pods;

  DaemonRollout(DaemonPods pods) {
    this.pods = pods;
  }

  void roll() {
    if (pods.maxSurge() == 0) {
      replace();
    } else {
      surge();
    }
  }

  private Set<String> nodes() {
    Set<String> names = new TreeSet<>(pods.nodesWithPods());
    pods.nodesThatShouldRun().forEach(node -> names.add(Meta.name(node)));
    return names;
  }

  private OnNode look(String node) {
    ObjectNode fresh = null;
    ObjectNode old = null;
    for (ObjectNode pod : pods.on(node)) {
      if (Meta.isDeleting(pod)) {
        continue;
      }
      boolean isFresh = DaemonPod.isOf(pod, pods.hash());
      if ((isFresh ? fresh : old) != null) {
        return new OnNode(null, null, false);
      }
      fresh = isFresh ? pod : fresh;
      old = isFresh ? old : pod;
    }
    return new OnNode(fresh, old, true);
  }

  private void replace() {
    int unavailable = 0;
    List<ObjectNode> broken = new ArrayList<>();
    List<ObjectNode> candidates = new ArrayList<>();
    for (String node : nodes()) {
      OnNode here = look(node);
      if (!here.isClear || (here.fresh == null) == (here.old == null)) {
        unavailable++;
      } else if (here.fresh != null) {
        unavailable += pods.isAvailable(here.fresh) ? 0 : 1;
      } else if (pods.isAvailable(here.old)) {
        candidates.add(here.old);
      } else {
        broken.add(here.old);
        unavailable++;
      }
    }
    broken.forEach(pods::remove);
    candidates.stream()
        .limit(Math.max(0, pods.maxUnavailable() - unavailable))
        .forEach(pods::remove);
  }

  private void surge() {
    int surging = 0;
    int available = 0;
    List<String> candidates = new ArrayList<>();
    List<ObjectNode> misplaced = new ArrayList<>();
    for (String node : nodes()) {
      OnNode here = look(node);
      if (!here.isClear) {
        surging++;
        continue;
      }
      ObjectNode counted = here.old != null ? here.old : here.fresh;
      available += counted != null && pods.isAvailable(counted) ? 1 : 0;
      if (here.old == null) {
        continue;
      }
      if (here.fresh != null) {
        surging += pods.isAvailable(here.fresh) ? 0 : 1;
        if (pods.isAvailable(here.fresh)) {
          pods.remove(here.old);
        }
      } else if (!pods.shouldRun(node)) {
        if (pods.isAvailable(here.old)) {
          misplaced.add(here.old);
        } else {
          pods.remove(here.old);
        }
      } else if (pods.isAvailable(here.old)) {
        candidates.add(node);
      } else {
        pods.need(node);
      }
    }
    int desired = pods.nodesThatShouldRun().size();
    misplaced.stream().limit(Math.max(0, available - desired)).forEach(pods::remove);
    candidates.stream().limit(Math.max(0, pods.maxSurge() - surging)).forEach(pods::need);
  }
}

package io.troupe.node.kubelet.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resources;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.cri.Cri;
import java.util.Comparator;
import java.util.List;

/** Finds pods of this node and their containers by the names in a request's path. */
final class PodLookup {
  private final ClusterView view;
  private final ContainerRuntime runtime;
  private final String nodeName;

  PodLookup(ClusterView view, ContainerRuntime runtime, String nodeName) {
    this.view = view;
    this.runtime = runtime;
    this.nodeName = nodeName;
  }

  List<ObjectNode> pods() {
    return view.list(Resources.PODS, "").stream()
        .filter(pod -> Json.text(pod, "spec", "nodeName").equals(nodeName))
        .toList();
  }

  ObjectNode pod(String namespace, String name) {
    return view.find(Resources.PODS, namespace, name)
        .filter(pod -> Json.text(pod, "spec", "nodeName").equals(nodeName))
        .orElseThrow(() -> new Problem(404, "pod does not exist"));
  }

  /** The containers of the name, newest first. */
  List<Cri.Container> containers(ObjectNode pod, String name) {
    return runtime.containers(Meta.uid(pod)).stream()
        .filter(c -> c.getMetadata().getName().equals(name))
        .sorted(Comparator.comparingLong(Cri.Container::getCreatedAt).reversed())
        .toList();
  }

  String running(ObjectNode pod, String name) {
    return containers(pod, name).stream()
        .filter(c -> c.getState() == Cri.ContainerState.CONTAINER_RUNNING)
        .map(Cri.Container::getId)
        .findFirst()
        .orElseThrow(() -> new Problem(404, "container not found (\"" + name + "\")"));
  }

  String sandbox(ObjectNode pod) {
    return runtime.sandboxes(Meta.uid(pod)).stream()
        .filter(s -> s.getState() == Cri.PodSandboxState.SANDBOX_READY)
        .map(Cri.PodSandbox::getId)
        .findFirst()
        .orElseThrow(() -> new Problem(404, "pod sandbox not found"));
  }

  /** A request that cannot be done, with its HTTP code. */
  static final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    Problem(int code, String message) {
      super(message, null, false, false);
      this.code = code;
    }

    int code() {
      return code;
    }
  }
}

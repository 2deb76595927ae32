package io.troupe.node.kubelet.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.runtime.cri.Cri;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Makes the Node object and its status. */
final class NodeObject {
  private static final int IMAGES_MAX = 50;
  private static final int IMAGE_NAMES_MAX = 5;
  private static final long MEMORY_RESERVED_BYTES = 100L << 20;
  private static final String VERSION = "v1.37.2";

  private final KubeletSettings settings;
  private final Machine machine;
  private final Cri.VersionResponse version;

  NodeObject(KubeletSettings settings, Machine machine, Cri.VersionResponse version) {
    this.settings = settings;
    this.machine = machine;
    this.version = version;
  }

  ObjectNode labels() {
    ObjectNode labels = Json.object();
    settings.labels().forEach(labels::put);
    labels.put("kubernetes.io/hostname", settings.nodeName()).put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", machine.architecture());
    labels.put("beta.kubernetes.io/os", "linux");
    return labels.put("beta.kubernetes.io/arch", machine.architecture());
  }

  ObjectNode node() {
    ObjectNode node = Json.object();
    node.put("apiVersion", "v1").put("kind", "Node");
    ObjectNode metadata = node.putObject("metadata").put("name", settings.nodeName());
    metadata.set("labels", labels());
    node.putObject("spec");
    return node;
  }

  /** What pods may use of memory, in bytes. */
  long allocatableMemory() {
    return Math.max(machine.memoryBytes() / 2, machine.memoryBytes() - MEMORY_RESERVED_BYTES);
  }

  ObjectNode status(
      JsonNode told, List<Cri.RuntimeCondition> runtime, List<Cri.Image> images, Instant now) {
    ObjectNode status = Json.object();
    ObjectNode capacity = status.putObject("capacity");
    capacity.put("cpu", Integer.toString(machine.cpus()));
    capacity.put("memory", machine.memoryBytes() / 1024 + "Ki");
    capacity.put("ephemeral-storage", machine.diskBytes() / 1024 + "Ki");
    capacity.put("pods", Integer.toString(settings.podsMax()));
    capacity.put("hugepages-1Gi", "0").put("hugepages-2Mi", "0");
    ObjectNode allocatable = capacity.deepCopy();
    allocatable.put("memory", allocatableMemory() / 1024 + "Ki");
    allocatable.put("ephemeral-storage", Long.toString(machine.diskBytes() * 9 / 10));
    status.set("allocatable", allocatable);
    status.set("conditions", conditions(told, runtime, now));
    ArrayNode addresses = status.putArray("addresses");
    settings
        .nodeIps()
        .forEach(ip -> addresses.addObject().put("type", "InternalIP").put("address", ip));
    addresses.addObject().put("type", "Hostname").put("address", settings.nodeName());
    settings
        .server()
        .ifPresent(
            server ->
                status
                    .putObject("daemonEndpoints")
                    .putObject("kubeletEndpoint")
                    .put("Port", server.port()));
    info(status.putObject("nodeInfo"));
    images(status.putArray("images"), images);
    return status;
  }

  private void info(ObjectNode info) {
    info.put("machineID", machine.machineId()).put("systemUUID", machine.systemUuid());
    info.put("bootID", machine.bootId()).put("kernelVersion", machine.kernelVersion());
    info.put("osImage", machine.osImage());
    info.put(
        "containerRuntimeVersion", version.getRuntimeName() + "://" + version.getRuntimeVersion());
    info.put("kubeletVersion", VERSION).put("kubeProxyVersion", "");
    info.put("operatingSystem", "linux").put("architecture", machine.architecture());
  }

  private static void images(ArrayNode list, List<Cri.Image> images) {
    images.stream()
        .sorted(java.util.Comparator.comparingLong(Cri.Image::getSize).reversed())
        .limit(IMAGES_MAX)
        .forEach(
            image -> {
              ObjectNode shown = list.addObject();
              ArrayNode names = shown.putArray("names");
              image.getRepoDigestsList().stream().limit(IMAGE_NAMES_MAX).forEach(names::add);
              image.getRepoTagsList().stream()
                  .limit(Math.max(0, IMAGE_NAMES_MAX - names.size()))
                  .forEach(names::add);
              shown.put("sizeBytes", image.getSize());
            });
  }

  private static ArrayNode conditions(
      JsonNode told, List<Cri.RuntimeCondition> runtime, Instant now) {
    ArrayNode list = Json.array();
    condition(
        list,
        told,
        now,
        "MemoryPressure",
        false,
        "KubeletHasSufficientMemory",
        "kubelet has sufficient memory available");
    condition(
        list,
        told,
        now,
        "DiskPressure",
        false,
        "KubeletHasNoDiskPressure",
        "kubelet has no disk pressure");
    condition(
        list,
        told,
        now,
        "PIDPressure",
        false,
        "KubeletHasSufficientPID",
        "kubelet has sufficient PID available");
    List<Cri.RuntimeCondition> wrong = runtime.stream().filter(c -> !c.getStatus()).toList();
    if (!runtime.isEmpty() && wrong.isEmpty()) {
      condition(list, told, now, "Ready", true, "KubeletReady", "kubelet is posting ready status");
    } else {
      List<String> problems =
          wrong.stream()
              .map(
                  c ->
                      (c.getType().equals("NetworkReady")
                              ? "container runtime network not ready: "
                              : "container runtime not ready: ")
                          + c.getType()
                          + "=false reason:"
                          + c.getReason()
                          + " message:"
                          + c.getMessage())
              .toList();
      condition(
          list,
          told,
          now,
          "Ready",
          false,
          "KubeletNotReady",
          problems.isEmpty() ? "container runtime is down" : String.join(", ", problems));
    }
    return list;
  }

  private static void condition(
      ArrayNode list,
      JsonNode told,
      Instant now,
      String type,
      boolean status,
      String reason,
      String message) {
    String text = status ? "True" : "False";
    String time = now.truncatedTo(ChronoUnit.SECONDS).toString();
    JsonNode before =
        Json.items(told, "conditions").stream()
            .filter(c -> Json.text(c, "type").equals(type))
            .findFirst()
            .orElse(Json.object());
    ObjectNode condition = list.addObject().put("type", type).put("status", text);
    condition.put("reason", reason).put("message", message).put("lastHeartbeatTime", time);
    condition.put(
        "lastTransitionTime",
        Json.text(before, "status").equals(text) ? Json.text(before, "lastTransitionTime") : time);
  }
}

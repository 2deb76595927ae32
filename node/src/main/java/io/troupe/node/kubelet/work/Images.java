package io.troupe.node.kubelet.work;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.node.kubelet.container.Sources;
import io.troupe.node.kubelet.event.Events;
import io.troupe.node.kubelet.pod.Backoffs;
import io.troupe.node.kubelet.pod.PodMemory;
import io.troupe.node.kubelet.pod.PodSpec;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes sure that a container's image is present, as its pull policy says. */
final class Images {
  private static final Pattern REFERENCE =
      Pattern.compile(
          "(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?/)?"
              + "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*"
              + "(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?");

  /**
   * What came of it.
   *
   * @param image null when it is not present
   * @param error null when it is
   * @param memory with the next delay after a failed pull
   */
  record Result(Cri.Image image, PodMemory.StartError error, PodMemory memory) {}

  private final ContainerRuntime runtime;
  private final Sources sources;
  private final Events events;
  private final Clock clock;

  Images(ContainerRuntime runtime, Sources sources, Events events, Clock clock) {
    this.runtime = runtime;
    this.sources = sources;
    this.events = events;
    this.clock = clock;
  }

  Result ensure(JsonNode pod, JsonNode container, Cri.PodSandboxConfig sandbox, PodMemory memory) {
    String image = Json.text(container, "image");
    String name = PodSpec.name(container);
    if (!REFERENCE.matcher(image).matches()) {
      String message =
          "Failed to apply default image tag \""
              + image
              + "\": couldn't parse image name \""
              + image
              + "\": invalid reference format";
      events.container(pod, name, "Warning", "InspectFailed", message);
      return failed("InvalidImageName", message, memory);
    }
    String policy = Json.text(container, "imagePullPolicy");
    Optional<Cri.Image> present =
        policy.equals("Always") ? Optional.empty() : runtime.image(withTag(image));
    if (present.isPresent()) {
      events.container(
          pod,
          name,
          "Normal",
          "Pulled",
          "Container image \""
              + image
              + "\" already present on machine and can be accessed by the pod");
      return new Result(present.get(), null, memory);
    }
    if (policy.equals("Never")) {
      String message = "Container image \"" + image + "\" is not present with pull policy of Never";
      events.container(pod, name, "Warning", "ErrImageNeverPull", message);
      return failed("ErrImageNeverPull", message, memory);
    }
    return pull(pod, container, sandbox, memory);
  }

  static String withTag(String image) {
    String last = image.substring(image.lastIndexOf('/') + 1);
    return last.contains(":") || last.contains("@") ? image : image + ":latest";
  }

  private static Result failed(String reason, String message, PodMemory memory) {
    return new Result(null, new PodMemory.StartError(reason, message), memory);
  }

  private Result pull(
      JsonNode pod, JsonNode container, Cri.PodSandboxConfig sandbox, PodMemory memory) {
    String image = Json.text(container, "image");
    String name = PodSpec.name(container);
    Instant start = clock.instant();
    Backoffs.Entry held = memory.pulls().entries().get(image);
    if (held != null && start.isBefore(held.since().plus(held.delay()))) {
      String message = "Back-off pulling image \"" + image + "\"";
      events.container(pod, name, "Normal", "BackOff", message);
      String last = memory.startError(name).map(e -> ": " + rootOf(e)).orElse("");
      return failed("ImagePullBackOff", message + last, memory);
    }
    events.container(pod, name, "Normal", "Pulling", "Pulling image \"" + image + "\"");
    try {
      Cri.Image pulled = pull(withTag(image), pod, sandbox);
      Duration took = Duration.between(start, clock.instant());
      String millis = took.toMillis() + "ms";
      events.container(
          pod,
          name,
          "Normal",
          "Pulled",
          "Successfully pulled image \""
              + image
              + "\" in "
              + millis
              + " ("
              + millis
              + " including waiting). Image size: "
              + pulled.getSize()
              + " bytes.");
      return new Result(pulled, null, memory);
    } catch (RuntimeFault fault) {
      events.container(
          pod,
          name,
          "Warning",
          "Failed",
          "Failed to pull image \"" + image + "\": " + fault.getMessage());
      Instant now = clock.instant();
      return failed(
          "ErrImagePull",
          fault.getMessage(),
          memory.withPulls(memory.pulls().next(image, now, now)));
    }
  }

  /** The pull's own error, which a back-off repeats. */
  private static String rootOf(PodMemory.StartError error) {
    String message = error.message();
    if (error.reason().equals("ErrImagePull")) {
      return "ErrImagePull: " + message;
    }
    int at = message.indexOf("ErrImagePull: ");
    return at < 0 ? message : message.substring(at);
  }

  private Cri.Image pull(String image, JsonNode pod, Cri.PodSandboxConfig sandbox) {
    RuntimeFault refused = null;
    for (Cri.AuthConfig auth : candidates(image, pod)) {
      try {
        String reference =
            runtime.pullImage(
                Cri.PullImageRequest.newBuilder()
                    .setImage(Cri.ImageSpec.newBuilder().setImage(image))
                    .setAuth(auth)
                    .setSandboxConfig(sandbox)
                    .build());
        return runtime
            .image(image)
            .or(() -> runtime.image(reference))
            .orElseThrow(() -> new RuntimeFault("NotFound", "image " + image + " vanished"));
      } catch (RuntimeFault fault) {
        refused = fault;
      }
    }
    throw refused;
  }

  private List<Cri.AuthConfig> candidates(String image, JsonNode pod) {
    List<Cri.AuthConfig> found = PullSecrets.of(image, pod, sources);
    return found.isEmpty() ? List.of(Cri.AuthConfig.getDefaultInstance()) : found;
  }
}

package io.troupe.node.kubelet.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.ClusterView;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.KubeletSettings;
import io.troupe.node.kubelet.server.PodLookup.Problem;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.RuntimeFault;
import io.troupe.node.runtime.cri.Cri;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Answers requests that are allowed. */
final class Routes {
  private final KubeletSettings settings;
  private final ContainerRuntime runtime;
  private final PodLookup lookup;
  private final Stats stats;
  private final Clock clock;

  Routes(KubeletSettings settings, ClusterView view, Clock clock) {
    this.settings = settings;
    this.runtime = settings.runtime();
    this.lookup = new PodLookup(view, runtime, settings.nodeName());
    this.stats = new Stats(settings.nodeName(), runtime, clock);
    this.clock = clock;
  }

  void answer(Request request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    Response response = new Response(out);
    try {
      route(request, in, out, response);
    } catch (Problem problem) {
      response.text(problem.code(), problem.getMessage());
    } catch (RuntimeFault fault) {
      response.text(500, fault.getMessage());
    } catch (NumberFormatException | java.time.DateTimeException e) {
      response.text(400, "unable to decode the request: " + e.getMessage());
    }
  }

  private void route(Request request, InputStream in, OutputStream out, Response response)
      throws IOException, InterruptedException {
    List<String> path = List.of(request.path().substring(1).split("/"));
    switch (path.getFirst()) {
      case "healthz" -> response.text(200, "ok");
      case "pods", "runningpods" -> json(response, podList());
      case "containerLogs" -> logs(request, path, response);
      case "exec", "attach", "portForward" ->
          StreamProxy.run(request, session(request, path), in, out);
      case "run" -> run(request, path, response);
      case "stats" -> json(response, stats.summary(lookup.pods()));
      case "metrics" -> metrics(request, response);
      case "configz" -> json(response, config());
      default -> throw new Problem(404, "404 page not found");
    }
  }

  private static void json(Response response, ObjectNode body) throws IOException {
    response.send(200, "application/json", Json.bytes(body));
  }

  private ObjectNode podList() {
    ObjectNode list = Json.object();
    list.put("kind", "PodList").put("apiVersion", "v1").putObject("metadata");
    ArrayNode items = list.putArray("items");
    lookup.pods().forEach(items::add);
    return list;
  }

  private ObjectNode config() {
    ObjectNode config = Json.object();
    ObjectNode kubelet = config.putObject("kubeletconfig");
    kubelet.put("maxPods", settings.podsMax()).put("clusterDomain", settings.clusterDomain());
    ArrayNode dns = kubelet.putArray("clusterDNS");
    settings.clusterDns().forEach(dns::add);
    return config;
  }

  private void metrics(Request request, Response response) throws IOException {
    String text =
        switch (request.path()) {
          case "/metrics" -> stats.kubelet();
          case "/metrics/resource" -> stats.resource();
          case "/metrics/cadvisor" -> stats.cadvisor();
          default -> throw new Problem(404, "404 page not found");
        };
    response.send(
        200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code /<verb>/<namespace>/<pod>[/<uid>]/<container>}. */
  private URI session(Request request, List<String> path) {
    boolean forward = path.getFirst().equals("portForward");
    if (path.size() < (forward ? 3 : 4)) {
      throw new Problem(404, "404 page not found");
    }
    ObjectNode pod = lookup.pod(path.get(1), path.get(2));
    if (forward) {
      var ports = Cri.PortForwardRequest.newBuilder().setPodSandboxId(lookup.sandbox(pod));
      return runtime.portForward(ports.build());
    }
    String id = lookup.running(pod, path.getLast());
    boolean tty = request.flag("tty");
    boolean stdin = request.flag("input") || request.flag("stdin");
    boolean stdout = request.flag("output") || request.flag("stdout");
    boolean stderr = (request.flag("error") || request.flag("stderr")) && !tty;
    if (!stdin && !stdout && !stderr) {
      throw new Problem(400, "you must specify at least 1 of stdin, stdout, stderr");
    }
    if (path.getFirst().equals("exec")) {
      return runtime.exec(
          Cri.ExecRequest.newBuilder()
              .setContainerId(id)
              .addAllCmd(request.query().getOrDefault("command", List.of()))
              .setTty(tty)
              .setStdin(stdin)
              .setStdout(stdout)
              .setStderr(stderr)
              .build());
    }
    return runtime.attach(
        Cri.AttachRequest.newBuilder()
            .setContainerId(id)
            .setTty(tty)
            .setStdin(stdin)
            .setStdout(stdout)
            .setStderr(stderr)
            .build());
  }

  private void run(Request request, List<String> path, Response response) throws IOException {
    if (path.size() < 4) {
      throw new Problem(404, "404 page not found");
    }
    ObjectNode pod = lookup.pod(path.get(1), path.get(2));
    String id = lookup.running(pod, path.getLast());
    List<String> command = List.of(request.parameter("cmd").split(" "));
    Cri.ExecSyncResponse result = runtime.execSync(id, command, 0);
    byte[] output = result.getStdout().concat(result.getStderr()).toByteArray();
    response.send(result.getExitCode() == 0 ? 200 : 500, "text/plain", output);
  }

  private void logs(Request request, List<String> path, Response response)
      throws IOException, InterruptedException {
    if (path.size() != 4) {
      throw new Problem(404, "404 page not found");
    }
    ObjectNode pod = lookup.pod(path.get(1), path.get(2));
    String name = path.get(3);
    LogOptions options = LogOptions.of(request, clock.instant());
    Cri.ContainerStatus container = logged(pod, name, options.previous());
    Path file = Path.of(container.getLogPath());
    if (!Files.exists(file)) {
      throw new Problem(404, "failed to try resolving symlinks in path \"" + file + "\"");
    }
    try (OutputStream body = response.chunked("text/plain")) {
      new LogReader(file, options, body).read(() -> isRunning(container.getId()));
    }
  }

  private boolean isRunning(String id) {
    try {
      return runtime.containerStatus(id).getState() == Cri.ContainerState.CONTAINER_RUNNING;
    } catch (RuntimeFault fault) {
      return false;
    }
  }

  private Cri.ContainerStatus logged(ObjectNode pod, String name, boolean previous) {
    List<Cri.Container> all = lookup.containers(pod, name);
    boolean waits = isWaiting(pod, name);
    // A container in back-off is the previous one already: it ran, and the next does not yet.
    int index = previous && !(waits && !all.isEmpty()) ? 1 : 0;
    if (index < all.size() && all.get(index).getState() != Cri.ContainerState.CONTAINER_CREATED) {
      return runtime.containerStatus(all.get(index).getId());
    }
    if (previous) {
      throw new Problem(
          400,
          "previous terminated container \""
              + name
              + "\" in pod \""
              + Meta.name(pod)
              + "\" not found");
    }
    throw new Problem(
        400,
        "container \""
            + name
            + "\" in pod \""
            + Meta.name(pod)
            + "\" is waiting to start: "
            + waitingReason(pod, name));
  }

  private static boolean isWaiting(ObjectNode pod, String name) {
    return waitingReason(pod, name).equals("CrashLoopBackOff");
  }

  private static String waitingReason(ObjectNode pod, String name) {
    for (String list :
        List.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")) {
      for (var status : Json.items(pod, "status", list)) {
        if (Json.text(status, "name").equals(name)) {
          return Json.text(status, "state", "waiting", "reason");
        }
      }
    }
    return "ContainerCreating";
  }
}

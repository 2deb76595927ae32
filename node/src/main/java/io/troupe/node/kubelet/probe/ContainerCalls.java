package io.troupe.node.kubelet.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.troupe.api.object.Json;
import io.troupe.node.runtime.ContainerRuntime;
import io.troupe.node.runtime.RuntimeFault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Calls a container the way a probe or a lifecycle hook describes. */
public final class ContainerCalls {
  private static final int OUTPUT_CHARACTERS_MAX = 10 * 1024;

  private final ContainerRuntime runtime;

  public ContainerCalls(ContainerRuntime runtime) {
    this.runtime = runtime;
  }

  /**
   * Whom to call.
   *
   * @param ip the pod's address, or the node's on host network
   */
  public record Target(JsonNode container, String containerId, String ip) {}

  /** Makes the call of a probe; blocks up to the timeout. */
  public Outcome probe(JsonNode action, Target target, Duration timeout) {
    try {
      return call(action, target, "probe", timeout);
    } catch (IllegalArgumentException e) {
      return Outcome.failure(String.valueOf(e.getMessage()));
    }
  }

  /** Runs a hook; blocks until it is done, for an exec without limit. */
  public Outcome hook(JsonNode action, Target target) throws InterruptedException {
    if (action.has("sleep")) {
      Thread.sleep(Duration.ofSeconds(Json.number(action, 0, "sleep", "seconds")));
      return new Outcome(true, "");
    }
    if (action.has("exec")) {
      return exec(action.get("exec"), target, 0);
    }
    try {
      return call(action, target, "lifecycle", Duration.ofMinutes(10));
    } catch (IllegalArgumentException e) {
      return Outcome.failure(String.valueOf(e.getMessage()));
    }
  }

  private Outcome call(JsonNode action, Target target, String purpose, Duration timeout) {
    if (action.has("exec")) {
      return exec(action.get("exec"), target, timeout.toSeconds());
    }
    if (action.has("httpGet")) {
      JsonNode get = action.get("httpGet");
      return new HttpCall(get, purpose, timeout).get(uri(get, target));
    }
    if (action.has("tcpSocket")) {
      return tcp(action.get("tcpSocket"), target, timeout);
    }
    if (action.has("grpc")) {
      return grpc(action.get("grpc"), target, timeout);
    }
    throw new IllegalArgumentException("missing probe handler");
  }

  private Outcome exec(JsonNode exec, Target target, long timeoutSeconds) {
    List<String> command = Json.items(exec, "command").stream().map(JsonNode::asText).toList();
    try {
      var response = runtime.execSync(target.containerId(), command, timeoutSeconds);
      String output = response.getStdout().toStringUtf8() + response.getStderr().toStringUtf8();
      String cut =
          output.length() > OUTPUT_CHARACTERS_MAX
              ? output.substring(0, OUTPUT_CHARACTERS_MAX)
              : output;
      return new Outcome(response.getExitCode() == 0, cut);
    } catch (RuntimeFault fault) {
      return Outcome.failure(
          fault.isTimeout()
              ? "command timed out: \""
                  + String.join(" ", command)
                  + "\" timed out after "
                  + timeoutSeconds
                  + "s"
              : fault.getMessage());
    }
  }

  private static URI uri(JsonNode get, Target target) {
    String scheme = Json.text(get, "scheme").toLowerCase(Locale.ROOT);
    String host = Json.text(get, "host");
    String path = Json.text(get, "path");
    String address = host.isEmpty() ? target.ip() : host;
    String shown = address.contains(":") ? "[" + address + "]" : address;
    return URI.create(
        (scheme.isEmpty() ? "http" : scheme)
            + "://"
            + shown
            + ":"
            + port(Json.at(get, "port"), target.container())
            + (path.startsWith("/") ? path : "/" + path));
  }

  /** A port number, or the number of the container's port of that name. */
  static int port(JsonNode port, JsonNode container) {
    if (port.isNumber()) {
      return port.intValue();
    }
    for (JsonNode declared : Json.items(container, "ports")) {
      if (Json.text(declared, "name").equals(port.asText())) {
        return (int) Json.number(declared, 0, "containerPort");
      }
    }
    if (port.asText().matches("\\d{1,5}")) {
      return Integer.parseInt(port.asText());
    }
    throw new IllegalArgumentException("couldn't find port: " + port.asText());
  }

  private static Outcome tcp(JsonNode tcp, Target target, Duration timeout) {
    String host = Json.text(tcp, "host").isEmpty() ? target.ip() : Json.text(tcp, "host");
    int port = port(Json.at(tcp, "port"), target.container());
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
      return new Outcome(true, "");
    } catch (SocketTimeoutException e) {
      return Outcome.failure("dial tcp " + host + ":" + port + ": i/o timeout");
    } catch (IOException e) {
      return Outcome.failure(
          "dial tcp "
              + host
              + ":"
              + port
              + ": connect: "
              + String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT));
    }
  }

  private static Outcome grpc(JsonNode grpc, Target target, Duration timeout) {
    int port = (int) Json.number(grpc, 0, "port");
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(new InetSocketAddress(target.ip(), port))
            .usePlaintext()
            .userAgent("kube-probe/1.37")
            .build();
    try {
      var method =
          MethodDescriptor.<Health.HealthCheckRequest, Health.HealthCheckResponse>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("grpc.health.v1.Health/Check")
              .setRequestMarshaller(
                  ProtoUtils.marshaller(Health.HealthCheckRequest.getDefaultInstance()))
              .setResponseMarshaller(
                  ProtoUtils.marshaller(Health.HealthCheckResponse.getDefaultInstance()))
              .build();
      var request =
          Health.HealthCheckRequest.newBuilder().setService(Json.text(grpc, "service")).build();
      var answer =
          ClientCalls.blockingUnaryCall(
              channel,
              method,
              CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
              request);
      boolean serving = answer.getStatus() == Health.HealthCheckResponse.ServingStatus.SERVING;
      return new Outcome(
          serving,
          "service "
              + (serving
                  ? "healthy"
                  : "unhealthy (responded with \"" + answer.getStatus() + "\")"));
    } catch (StatusRuntimeException e) {
      return Outcome.failure(
          switch (e.getStatus().getCode()) {
            case DEADLINE_EXCEEDED ->
                "timeout: health rpc did not complete within " + timeout.toSeconds() + "s";
            case UNIMPLEMENTED ->
                "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)";
            default -> "error: health rpc probe failed: " + e.getMessage();
          });
    } finally {
      channel.shutdownNow();
    }
  }
}

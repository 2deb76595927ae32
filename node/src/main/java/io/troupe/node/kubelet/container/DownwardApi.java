package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.node.kubelet.pod.PodSpec;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fields of a pod and resources of its containers as text, for variables and downward API files.
 */
public final class DownwardApi {
  private static final Pattern SUBSCRIPT =
      Pattern.compile("(metadata\\.(?:labels|annotations))\\['(.*)'\\]");

  private final JsonNode pod;
  private final NodeFacts node;
  private final List<String> podIps;

  public DownwardApi(JsonNode pod, NodeFacts node, List<String> podIps) {
    this.pod = pod;
    this.node = node;
    this.podIps = podIps;
  }

  /** The value of a {@code fieldRef}. */
  public String field(JsonNode fieldRef) {
    String path = Json.text(fieldRef, "fieldPath");
    Matcher subscript = SUBSCRIPT.matcher(path);
    if (subscript.matches()) {
      return metadata(subscript.group(1)).getOrDefault(subscript.group(2), "");
    }
    return switch (path) {
      case "metadata.name" -> Meta.name(pod);
      case "metadata.namespace" -> Meta.namespace(pod);
      case "metadata.uid" -> Meta.uid(pod);
      case "metadata.labels", "metadata.annotations" -> lines(metadata(path));
      case "spec.nodeName" -> Json.text(pod, "spec", "nodeName");
      case "spec.serviceAccountName" -> Json.text(pod, "spec", "serviceAccountName");
      case "status.hostIP" -> node.ips().isEmpty() ? "" : node.ips().getFirst();
      case "status.hostIPs" -> String.join(",", node.ips());
      case "status.podIP" -> ips().isEmpty() ? "" : ips().getFirst();
      case "status.podIPs" -> String.join(",", ips());
      default -> throw new ConfigProblem("unsupported fieldPath: " + path);
    };
  }

  private List<String> ips() {
    return PodSpec.isHostNetwork(pod) ? node.ips() : podIps;
  }

  private Map<String, String> metadata(String path) {
    return path.equals("metadata.labels") ? Meta.labels(pod) : Meta.annotations(pod);
  }

  /** One {@code key="value"} a line, sorted, with Go's quoting. */
  private static String lines(Map<String, String> values) {
    StringBuilder out = new StringBuilder();
    new TreeMap<>(values)
        .forEach(
            (key, value) -> {
              if (!out.isEmpty()) {
                out.append('\n');
              }
              out.append(key).append('=').append(quote(value));
            });
    return out.toString();
  }

  private static String quote(String value) {
    StringBuilder out = new StringBuilder("\"");
    value
        .chars()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> out.append((char) c);
              }
            });
    return out.append('"').toString();
  }

  /** The value of a {@code resourceFieldRef}, of the named container or the given one. */
  public String resource(JsonNode resourceRef, JsonNode ownContainer) {
    String name = Json.text(resourceRef, "containerName");
    JsonNode container =
        name.isEmpty()
            ? ownContainer
            : PodSpec.container(pod, name)
                .orElseThrow(() -> new ConfigProblem("container " + name + " not found"));
    String resource = Json.text(resourceRef, "resource");
    String[] parts = resource.split("\\.", 2);
    BigDecimal amount = amount(container, parts[0], parts.length > 1 ? parts[1] : "");
    BigDecimal divisor = Amounts.parse(Json.at(resourceRef, "divisor"));
    BigDecimal by = divisor.signum() == 0 ? BigDecimal.ONE : divisor;
    return amount.divide(by, 0, java.math.RoundingMode.CEILING).toPlainString();
  }

  private BigDecimal amount(JsonNode container, String kind, String resource) {
    BigDecimal amount = Amounts.of(container, kind, resource);
    if (amount.signum() != 0 || !kind.equals("limits")) {
      return amount;
    }
    return switch (resource) {
      case "cpu" -> node.allocatableCpu();
      case "memory" -> node.allocatableMemory();
      case "ephemeral-storage" -> node.allocatableEphemeralStorage();
      default -> amount;
    };
  }
}

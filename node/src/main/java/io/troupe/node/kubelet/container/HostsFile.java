package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import java.util.List;

/** The {@code /etc/hosts} of a pod's containers. */
public final class HostsFile {
  private HostsFile() {}

  /** For a pod with an address of its own. */
  public static String of(JsonNode pod, List<String> podIps, String clusterDomain) {
    Hostnames names = Hostnames.of(pod, clusterDomain);
    StringBuilder out =
        new StringBuilder(
            """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::0\tip6-localnet
            fe00::0\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            """);
    for (String ip : podIps) {
      out.append(ip).append('\t');
      if (!names.domain().isEmpty()) {
        out.append(names.host()).append('.').append(names.domain()).append('\t');
      }
      out.append(names.host()).append('\n');
    }
    return out + aliases(pod);
  }

  /** For a pod on the node's network. */
  public static String ofHostNetwork(JsonNode pod, String nodeHosts) {
    return "# Kubernetes-managed hosts file (host network).\n" + nodeHosts + aliases(pod);
  }

  private static String aliases(JsonNode pod) {
    List<JsonNode> aliases = Json.items(pod, "spec", "hostAliases");
    if (aliases.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("\n# Entries added by HostAliases.\n");
    for (JsonNode alias : aliases) {
      List<String> names = Json.items(alias, "hostnames").stream().map(JsonNode::asText).toList();
      out.append(Json.text(alias, "ip")).append('\t').append(String.join("\t", names)).append('\n');
    }
    return out.toString();
  }
}

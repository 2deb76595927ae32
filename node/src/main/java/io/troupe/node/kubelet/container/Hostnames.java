package io.troupe.node.kubelet.container;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;

/**
 * A pod's host name and domain.
 *
 * @param host at most 63 characters
 * @param domain of a pod with a subdomain, else ""
 */
record Hostnames(String host, String domain) {
  private static final int HOST_CHARACTERS_MAX = 63;

  static Hostnames of(JsonNode pod, String clusterDomain) {
    String override = Json.text(pod, "spec", "hostnameOverride");
    if (!override.isEmpty()) {
      return new Hostnames(cut(override), "");
    }
    String hostname = Json.text(pod, "spec", "hostname");
    String subdomain = Json.text(pod, "spec", "subdomain");
    String domain =
        subdomain.isEmpty() ? "" : subdomain + "." + Meta.namespace(pod) + ".svc." + clusterDomain;
    return new Hostnames(cut(hostname.isEmpty() ? Meta.name(pod) : hostname), domain);
  }

  private static String cut(String name) {
    String cut =
        name.length() > HOST_CHARACTERS_MAX ? name.substring(0, HOST_CHARACTERS_MAX) : name;
    return cut.replaceAll("[-.]+$", "");
  }

  /** What the kernel in the sandbox is told. */
  String kernelName(JsonNode pod) {
    boolean qualified = Json.flag(pod, false, "spec", "setHostnameAsFQDN") && !domain.isEmpty();
    String name = qualified ? host + "." + domain : host;
    if (name.length() > 64) {
      throw new ConfigProblem(
          "failed to construct FQDN from pod hostname and cluster domain, FQDN "
              + name
              + " is too long (64 characters is the max, "
              + name.length()
              + " characters requested)");
    }
    return name;
  }
}

package io.troupe.control.apiserver.pki;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/** Writes kubeconfig files (as JSON, which is YAML), readable by their owner alone. */
public final class Kubeconfig {
  private Kubeconfig() {}

  /**
   * A kubeconfig with one context.
   *
   * @param server URL of the API server
   */
  public static String of(String cluster, String server, String caPem, Credential user) {
    ObjectNode config = Json.object().put("apiVersion", "v1").put("kind", "Config");
    ObjectNode named = config.putArray("clusters").addObject().put("name", cluster);
    named
        .putObject("cluster")
        .put("server", server)
        .put("certificate-authority-data", base64(caPem));
    String userName = cluster + "-" + commonName(user);
    ObjectNode someone = config.putArray("users").addObject().put("name", userName);
    someone
        .putObject("user")
        .put("client-certificate-data", base64(user.certificatePem()))
        .put("client-key-data", base64(user.keyPem()));
    ObjectNode context = config.putArray("contexts").addObject().put("name", cluster);
    context.putObject("context").put("cluster", cluster).put("user", userName);
    return config.put("current-context", cluster).toPrettyString() + "\n";
  }

  public static void write(Path file, String text) {
    CredentialFiles.write(file, text, "rw-------");
  }

  private static String commonName(Credential user) {
    return Distinguished.of(user.certificate()).commonName();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}

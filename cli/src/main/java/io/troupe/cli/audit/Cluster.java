package io.troupe.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.http.HttpKubeClient;
import io.troupe.api.client.http.Kubeconfig;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import io.troupe.cli.StartFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A cluster as a kubeconfig file reaches it. */
public final class Cluster implements AutoCloseable {
  private static final String JSON = "application/json";

  private final HttpKubeClient client;
  private final String namespace;
  private Types types;

  private Cluster(HttpKubeClient client, String namespace) {
    this.client = client;
    this.namespace = namespace;
  }

  /**
   * Reads the file; connects with the first request.
   *
   * @throws StartFailure when the file cannot be used
   */
  public static Cluster open(Path kubeconfig) throws StartFailure {
    if (!Files.exists(kubeconfig)) {
      throw new StartFailure("no kubeconfig at " + kubeconfig + "; name one with --kubeconfig, or the cluster's --data-dir");
    }
    try {
      Kubeconfig read = Kubeconfig.read(kubeconfig);
      return new Cluster(new HttpKubeClient(read.server(), read::credentials, "troupe-audit/v1.37"), read.namespace());
    } catch (IOException | Kubeconfig.Unusable | RuntimeException e) {
      throw new StartFailure("the kubeconfig " + kubeconfig + " cannot be used: " + e.getMessage(), e);
    }
  }

  public HttpKubeClient client() {
    return client;
  }

  /** The namespace of the kubeconfig's context. */
  public String namespace() {
    return namespace;
  }

  /** What the API serves, read once. */
  public Types types() {
    if (types == null) {
      types = Types.of(get("/api", Types.ACCEPT), get("/apis", Types.ACCEPT));
    }
    return types;
  }

  /** The object at a path. */
  public ObjectNode get(String path, String accept) {
    try (InputStream body = client.open(path, accept)) {
      return Json.parse(body.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Checks the journal's hash chain: empty when it holds, else what is wrong first. */
  public Optional<String> verify() {
    ObjectNode answer = get("/troupe/v1/verify", JSON);
    return Json.flag(answer, false, "ok") ? Optional.empty() : Optional.of(Json.text(answer, "problem"));
  }

  /** The history's entries, one by one; parameters with empty values are left out. */
  public void history(Map<String, String> parameters, Consumer<ObjectNode> onEntry) {
    String query =
        parameters.entrySet().stream()
            .filter(p -> !p.getValue().isEmpty())
            .map(p -> p.getKey() + "=" + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String path = "/troupe/v1/history" + (query.isEmpty() ? "" : "?" + query);
    try (InputStream body = client.open(path, "application/x-ndjson");
        MappingIterator<JsonNode> lines = Json.MAPPER.readerFor(JsonNode.class).readValues(body)) {
      while (lines.hasNextValue()) {
        onEntry.accept((ObjectNode) lines.nextValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the history broke off", e);
    }
  }

  /**
   * The object at a past moment; empty when it did not exist then.
   *
   * @param moment a revision or an RFC 3339 time
   */
  public Optional<ObjectNode> past(Resource type, String inNamespace, String name, String moment) {
    String where = type.path(type.namespaced() ? inNamespace : "");
    String at = "/at/" + URLEncoder.encode(moment, StandardCharsets.UTF_8);
    try {
      return Optional.of(get(at + where + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8), JSON));
    } catch (RefusedException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}

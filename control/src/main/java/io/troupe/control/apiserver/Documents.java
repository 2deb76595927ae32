package io.troupe.control.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.discovery.Discovery;
import io.troupe.api.kinds.Kinds;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authentication.ServiceAccountTokens;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Health;
import io.troupe.control.apiserver.http.RequestMetrics;
import io.troupe.control.apiserver.rest.RestApi;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is not a resource: discovery, OpenAPI, version, health, metrics, token issuer
 * documents.
 */
final class Documents {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String GIT_VERSION = "v1.37.2+troupe";

  private final Discovery discovery;
  private final OpenApiDocuments openApi;
  private final Health health;
  private final RequestMetrics metrics;
  private final ServiceAccountTokens tokens;

  Documents(
      Kinds kinds,
      OpenApiDocuments openApi,
      Health health,
      RequestMetrics metrics,
      ServiceAccountTokens tokens) {
    this.discovery = new Discovery(kinds);
    this.openApi = openApi;
    this.health = health;
    this.metrics = metrics;
    this.tokens = tokens;
  }

  /** Answers, or says that there is no such path. */
  boolean answer(Exchange exchange) {
    String path = trim(exchange.info().path());
    List<String> parts = Arrays.stream(path.split("/")).filter(p -> !p.isEmpty()).toList();
    String first = parts.isEmpty() ? "" : parts.getFirst();
    return switch (first) {
      case "" -> tell(exchange, index());
      case "healthz", "livez", "readyz" -> health(exchange, parts);
      case "version" -> tell(exchange, version());
      case "metrics" -> text(exchange, 200, metrics.registry().scrape());
      case "openapi" -> openApi(exchange, parts);
      case "openid", ".well-known" -> issuer(exchange, path);
      case "api", "apis" -> discovery(exchange, parts);
      default -> false;
    };
  }

  private static String trim(String path) {
    return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static boolean tell(Exchange exchange, ObjectNode body) {
    exchange.answer(200, body);
    return true;
  }

  private static boolean text(Exchange exchange, int code, String text) {
    exchange.answer(code, TEXT, text.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static ObjectNode index() {
    ObjectNode index = Json.object();
    List.of(
            "/api",
            "/api/v1",
            "/apis",
            "/healthz",
            "/livez",
            "/metrics",
            "/openapi/v2",
            "/openapi/v3",
            "/openid/v1/jwks",
            "/readyz",
            "/version",
            "/.well-known/openid-configuration")
        .forEach(index.putArray("paths")::add);
    return index;
  }

  private boolean health(Exchange exchange, List<String> parts) {
    if (parts.size() > 1) {
      Boolean single = health.single(String.join("/", parts.subList(1, parts.size())));
      return single != null
          && text(exchange, single ? 200 : 500, single ? "ok" : "internal server error");
    }
    Health.Report report =
        health.report(
            parts.getFirst(), exchange.query().has("verbose"), exchange.query().all("exclude"));
    return text(exchange, report.ok() ? 200 : 500, report.text());
  }

  private static ObjectNode version() {
    ObjectNode version = Json.object().put("major", "1").put("minor", "37");
    version.put("emulationMajor", "1").put("emulationMinor", "37");
    version.put("minCompatibilityMajor", "1").put("minCompatibilityMinor", "36");
    version
        .put("gitVersion", GIT_VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z");
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    return version
        .put("goVersion", "go1.26")
        .put("compiler", "gc")
        .put("platform", "linux/" + arch);
  }

  private boolean openApi(Exchange exchange, List<String> parts) {
    byte[] document = null;
    if (parts.size() == 2 && parts.get(1).equals("v2")) {
      document = openApi.v2();
    } else if (parts.size() == 2 && parts.get(1).equals("v3")) {
      document = openApi.v3Index();
    } else if (parts.size() > 2 && parts.get(1).equals("v3")) {
      Optional<byte[]> found = openApi.v3(String.join("/", parts.subList(2, parts.size())));
      document = found.orElseThrow(() -> new RefusedException(RestApi.pathNotFound()));
    }
    if (document != null) {
      exchange.answer(200, JSON, document);
    }
    return document != null;
  }

  private boolean issuer(Exchange exchange, String path) {
    if (path.equals("/openid/v1/jwks")) {
      exchange.answer(200, "application/jwk-set+json", Json.bytes(tokens.signer().jwks()));
      return true;
    }
    if (!path.equals("/.well-known/openid-configuration")) {
      return false;
    }
    ObjectNode configuration = Json.object().put("issuer", tokens.issuer());
    configuration.put("jwks_uri", tokens.issuer() + "/openid/v1/jwks");
    configuration.putArray("response_types_supported").add("id_token");
    configuration.putArray("subject_types_supported").add("public");
    configuration.putArray("id_token_signing_alg_values_supported").add("ES256");
    return tell(exchange, configuration);
  }

  private boolean discovery(Exchange exchange, List<String> parts) {
    boolean core = parts.getFirst().equals("api");
    if (parts.size() == 1) {
      String accept = exchange.header("Accept");
      boolean aggregated = accept.contains("as=APIGroupDiscoveryList") && accept.contains("v=v2");
      if (aggregated) {
        ObjectNode list = core ? discovery.aggregatedCore() : discovery.aggregatedGroups();
        exchange.answer(200, Discovery.AGGREGATED_TYPE, Json.bytes(list));
        return true;
      }
      String host =
          exchange.request().authority() == null ? "" : exchange.request().authority().toString();
      return tell(exchange, core ? discovery.legacyVersions(host) : discovery.groupList());
    }
    Optional<ObjectNode> found =
        switch (parts.size()) {
          case 2 -> core ? discovery.resourceList("", parts.get(1)) : discovery.group(parts.get(1));
          case 3 -> core ? Optional.empty() : discovery.resourceList(parts.get(1), parts.get(2));
          default -> Optional.empty();
        };
    found.ifPresent(document -> exchange.answer(200, document));
    return found.isPresent();
  }
}

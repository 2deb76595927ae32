package io.troupe.node.kubelet.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient;
import io.troupe.api.object.Json;
import io.troupe.api.object.RefusedException;
import io.troupe.api.object.Resource;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;

/**
 * Who may use the kubelet's API: members of {@code system:masters}, and whoever the cluster
 * authorizes for {@code nodes/<subresource>}.
 */
final class Access {
  private static final Resource TOKEN_REVIEWS =
      new Resource("authentication.k8s.io", "v1", "tokenreviews", "TokenReview", false);
  private static final Resource ACCESS_REVIEWS =
      new Resource(
          "authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview", false);

  /** Somebody known. */
  record User(String name, List<String> groups) {}

  private final KubeClient client;
  private final String nodeName;

  Access(KubeClient client, String nodeName) {
    this.client = client;
    this.nodeName = nodeName;
  }

  Optional<User> authenticate(SSLSocket socket, Request request) {
    try {
      return Optional.of(fromCertificate(socket.getSession().getPeerPrincipal()));
    } catch (SSLPeerUnverifiedException e) {
      String authorization = request.header("Authorization");
      return authorization.startsWith("Bearer ")
          ? fromToken(authorization.substring(7).strip())
          : Optional.empty();
    }
  }

  private static User fromCertificate(Principal principal) {
    String name = "";
    List<String> groups = new ArrayList<>(List.of("system:authenticated"));
    try {
      for (Rdn part : new LdapName(principal.getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          name = String.valueOf(part.getValue());
        } else if (part.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(part.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      throw new IllegalStateException("a verified certificate has a name", e);
    }
    return new User(name, groups);
  }

  private Optional<User> fromToken(String token) {
    ObjectNode review = Json.object();
    review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
    review.putObject("spec").put("token", token);
    try {
      ObjectNode answer = client.create(TOKEN_REVIEWS, review);
      if (!Json.flag(answer, false, "status", "authenticated")) {
        return Optional.empty();
      }
      return Optional.of(
          new User(
              Json.text(answer, "status", "user", "username"),
              Json.items(answer, "status", "user", "groups").stream()
                  .map(g -> g.asText())
                  .toList()));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  boolean allows(User user, Request request) {
    if (user.groups().contains("system:masters")) {
      return true;
    }
    String verb =
        switch (request.method()) {
          case "POST" -> "create";
          case "PUT" -> "update";
          case "PATCH" -> "patch";
          case "DELETE" -> "delete";
          default -> "get";
        };
    return subresources(request.path()).stream().anyMatch(sub -> reviewed(user, verb, sub));
  }

  /** The finer permissions first (KEP-2862), {@code proxy} for everything without one. */
  static List<String> subresources(String path) {
    String first = path.split("/").length > 1 ? path.split("/")[1] : "";
    return switch (first) {
      case "stats" -> List.of("stats");
      case "metrics" -> List.of("metrics");
      case "logs" -> List.of("log");
      case "healthz" -> List.of("healthz", "proxy");
      case "pods", "runningpods" -> List.of("pods", "proxy");
      case "configz" -> List.of("configz", "proxy");
      default -> List.of("proxy");
    };
  }

  private boolean reviewed(User user, String verb, String subresource) {
    ObjectNode review = Json.object();
    review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
    ObjectNode spec = review.putObject("spec").put("user", user.name());
    ArrayNode groups = spec.putArray("groups");
    user.groups().forEach(groups::add);
    spec.putObject("resourceAttributes")
        .put("verb", verb)
        .put("version", "v1")
        .put("resource", "nodes")
        .put("subresource", subresource)
        .put("name", nodeName);
    try {
      return Json.flag(client.create(ACCESS_REVIEWS, review), false, "status", "allowed");
    } catch (RefusedException e) {
      return false;
    }
  }
}

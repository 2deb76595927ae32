package io.troupe.control.kinds.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.Addresses;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import java.util.ArrayList;
import java.util.List;

/** Ingress and IngressClass. */
final class Ingresses {
  private static final String CLASS_ANNOTATION = "kubernetes.io/ingress.class";
  private static final List<String> BAD_SEQUENCES = List.of("//", "/./", "/../", "%2f", "%2F");
  private static final List<String> BAD_SUFFIXES = List.of("/..", "/.");

  private Ingresses() {}

  static Strategy ingress() {
    return Strategy.of("networking.k8s.io", "Ingress")
        .generation()
        .validate(Ingresses::create)
        .validateUpdate((i, old, errors) -> spec(At.spec(i, errors)))
        .columns(
            Columns.of("Name", "Class", "Hosts", "Address", "Ports", "Age")
                .row(
                    (i, now, row) -> {
                      String name = Json.text(i, "spec", "ingressClassName");
                      row.add(name.isEmpty() ? "<none>" : name);
                      row.add(hosts(i));
                      row.add(Services.balancer(Json.at(i, "status", "loadBalancer")));
                      row.add(Json.items(i, "spec", "tls").isEmpty() ? "80" : "80, 443");
                      row.add(Columns.age(i, now));
                    }))
        .build();
  }

  private static String hosts(ObjectNode ingress) {
    List<JsonNode> rules = Json.items(ingress, "spec", "rules");
    List<String> hosts = new ArrayList<>();
    boolean more = false;
    for (JsonNode rule : rules) {
      more |= hosts.size() == 3;
      String host = Json.text(rule, "host");
      if (!more && !host.isEmpty()) {
        hosts.add(host);
      }
    }
    String shown = hosts.isEmpty() ? "*" : String.join(",", hosts);
    return more ? shown + " + " + (rules.size() - 3) + " more..." : shown;
  }

  private static void create(ObjectNode ingress, Errors errors) {
    At spec = At.spec(ingress, errors);
    spec(spec);
    String annotation = Meta.annotations(ingress).get(CLASS_ANNOTATION);
    if (annotation != null
        && spec.has("ingressClassName")
        && !annotation.equals(spec.text("ingressClassName"))) {
      errors.invalid(
          FieldPath.of("annotations", CLASS_ANNOTATION),
          annotation,
          "must match `ingressClassName` when both are specified");
    }
  }

  private static void spec(At spec) {
    if (spec.lacks("rules") && !spec.has("defaultBackend")) {
      spec.errors()
          .invalid(
              spec.path(),
              spec.node().path("rules"),
              "either `defaultBackend` or `rules` must be specified");
    }
    spec.ifPresent("defaultBackend", Ingresses::backend);
    spec.each("rules", Ingresses::rule);
    spec.each(
        "tls",
        tls -> {
          tls.each("hosts", Ingresses::host);
          tls.follows("secretName", Names::dnsSubdomain);
        });
    spec.follows("ingressClassName", Names::dnsSubdomain);
  }

  private static void host(At host) {
    host.follows(host.text().contains("*") ? Names::wildcardSubdomain : Names::dnsSubdomain);
  }

  private static void rule(At rule) {
    if (!rule.lacks("host")) {
      if (Addresses.isIp(rule.text("host"))) {
        rule.invalid("host", "must be a DNS name, not an IP address");
      }
      host(rule.child("host"));
    }
    rule.ifPresent(
        "http",
        http -> {
          http.required("paths");
          http.each("paths", Ingresses::path);
        });
  }

  private static void path(At path) {
    if (!path.has("pathType")) {
      path.errors().required(path.at("pathType"), "pathType must be specified");
      return;
    }
    String text = path.text("path");
    boolean absolute = text.startsWith("/");
    switch (path.text("pathType")) {
      case "Exact", "Prefix" -> {
        if (!absolute) {
          path.errors().invalid(path.at("path"), text, "must be an absolute path");
        }
        for (String bad : BAD_SEQUENCES) {
          if (text.contains(bad)) {
            path.invalid("path", "must not contain '" + bad + "'");
          }
        }
        for (String bad : BAD_SUFFIXES) {
          if (text.endsWith(bad)) {
            path.invalid("path", "cannot end with '" + bad + "'");
          }
        }
      }
      case "ImplementationSpecific" -> {
        if (!text.isEmpty() && !absolute) {
          path.invalid("path", "must be an absolute path");
        }
      }
      default -> path.oneOf("pathType", List.of("Exact", "ImplementationSpecific", "Prefix"));
    }
    backend(path.child("backend"));
  }

  private static void backend(At backend) {
    boolean resource = backend.has("resource");
    boolean service = backend.has("service");
    Errors errors = backend.errors();
    if (resource && service) {
      errors.invalid(backend.path(), "", "cannot set both resource and service backends");
    } else if (resource) {
      At ref = backend.child("resource");
      ref.follows("apiGroup", Names::dnsSubdomain);
      ref.required("kind");
      ref.required("name");
    } else if (service) {
      At ref = backend.child("service");
      ref.requiredFollows("name", Names::dnsLabel);
      At port = ref.child("port");
      boolean named = !port.lacks("name");
      boolean numbered = port.number("number", 0) != 0;
      if (named && numbered) {
        errors.invalid(backend.path(), "", "cannot set both port name & port number");
      } else if (named) {
        port.follows("name", Names::portName);
      } else if (numbered) {
        port.inRange("number", 1, 65535);
      } else {
        errors.required(backend.path(), "port name or number is required");
      }
    } else {
      errors.invalid(backend.path(), "", "resource or service backend is required");
    }
  }

  static Strategy ingressClass() {
    return Strategy.of("networking.k8s.io", "IngressClass")
        .generation()
        .defaults(
            c -> Fill.ifObject(c.path("spec"), "parameters", p -> Fill.text(p, "scope", "Cluster")))
        .validate(Ingresses::validateClass)
        .alsoOnUpdate((c, old, e) -> At.spec(c, e).immutable("controller", old.path("spec")))
        .columns(
            Columns.of("Name", "Controller", "Parameters", "Age")
                .wholeRow(
                    (c, now, row) -> {
                      boolean isDefault =
                          "true"
                              .equals(
                                  Meta.annotations(c)
                                      .get("ingressclass.kubernetes.io/is-default-class"));
                      row.add(Meta.name(c) + (isDefault ? " (default)" : ""));
                      row.add(Json.text(c, "spec", "controller"));
                      row.add(parameters(Json.at(c, "spec", "parameters")));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static String parameters(JsonNode parameters) {
    if (!parameters.isObject()) {
      return "<none>";
    }
    String group = Json.text(parameters, "apiGroup");
    return Json.text(parameters, "kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + Json.text(parameters, "name");
  }

  private static void validateClass(ObjectNode ingressClass, Errors errors) {
    At spec = At.spec(ingressClass, errors);
    if (spec.required("controller")) {
      String controller = spec.text("controller");
      int slash = controller.indexOf('/');
      if (slash <= 0 || slash == controller.length() - 1) {
        spec.invalid("controller", "must be a domain-prefixed path (such as \"acme.io/foo\")");
      } else {
        String host = controller.substring(0, slash);
        errors.invalid(spec.at("controller"), host, Names.dnsSubdomain(host));
      }
    }
    spec.ifPresent(
        "parameters",
        p -> {
          p.follows("apiGroup", Names::dnsSubdomain);
          p.required("kind");
          p.required("name");
          p.requiredOneOf("scope", List.of("Cluster", "Namespace"));
          if (p.text("scope").equals("Namespace") && p.lacks("namespace")) {
            errors.required(p.at("namespace"), "`parameters.scope` is set to 'Namespace'");
          } else if (p.text("scope").equals("Cluster") && p.has("namespace")) {
            p.forbidden("namespace", "`parameters.scope` is set to 'Cluster'");
          }
        });
  }
}

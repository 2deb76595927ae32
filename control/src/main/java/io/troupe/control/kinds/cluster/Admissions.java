package io.troupe.control.kinds.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.field.Selectors;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.List;

/** Webhook configurations and admission policies. */
final class Admissions {
  private static final String GROUP = "admissionregistration.k8s.io";
  private static final List<String> FAILURE = List.of("Fail", "Ignore");

  private Admissions() {}

  static List<Strategy> all() {
    return List.of(
        webhooks("ValidatingWebhookConfiguration", false),
        webhooks("MutatingWebhookConfiguration", true),
        policy("ValidatingAdmissionPolicy", "validations"),
        policy("MutatingAdmissionPolicy", "mutations"),
        binding("ValidatingAdmissionPolicyBinding"),
        binding("MutatingAdmissionPolicyBinding"));
  }

  private static Strategy webhooks(String kind, boolean mutating) {
    return Strategy.of(GROUP, kind)
        .generation((a, b) -> !Same.equal(a, b, "webhooks"))
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(c -> Fill.each(c, "webhooks", w -> defaults(w, mutating)))
        .validate(
            (c, errors) -> {
              At root = At.root(c, errors);
              root.each("webhooks", w -> webhook(w, mutating));
              root.unique("webhooks", "name");
            })
        .columns(
            Columns.of("Name", "#Webhooks", "Age")
                .row(
                    (c, now, row) -> {
                      row.add((long) Json.items(c, "webhooks").size());
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static void defaults(ObjectNode webhook, boolean mutating) {
    Fill.text(webhook, "failurePolicy", "Fail");
    Fill.text(webhook, "matchPolicy", "Equivalent");
    Fill.object(webhook, "namespaceSelector");
    Fill.object(webhook, "objectSelector");
    Fill.number(webhook, "timeoutSeconds", 10);
    if (mutating) {
      Fill.text(webhook, "reinvocationPolicy", "Never");
    }
    Fill.each(webhook, "rules", r -> Fill.text(r, "scope", "*"));
    Fill.ifObject(webhook.path("clientConfig"), "service", s -> Fill.number(s, "port", 443));
  }

  private static void webhook(At webhook, boolean mutating) {
    if (webhook.required("name")) {
      webhook.follows("name", Names::dnsSubdomain);
      if (webhook.text("name").split("\\.").length < 3) {
        webhook.invalid(
            "name", "should be a domain with at least three segments separated by dots");
      }
    }
    if (webhook.lacks("admissionReviewVersions")) {
      webhook
          .errors()
          .required(webhook.at("admissionReviewVersions"), "must specify one of v1, v1beta1");
    }
    webhook.each("rules", Admissions::rule);
    webhook.oneOf("failurePolicy", FAILURE);
    webhook.oneOf("matchPolicy", List.of("Equivalent", "Exact"));
    if (mutating) {
      webhook.oneOf("reinvocationPolicy", List.of("IfNeeded", "Never"));
    }
    List<String> effects = List.of("None", "NoneOnDryRun");
    if (webhook.lacks("sideEffects")) {
      webhook
          .errors()
          .required(webhook.at("sideEffects"), "must specify one of None, NoneOnDryRun");
    }
    webhook.oneOf("sideEffects", effects);
    long timeout = webhook.number("timeoutSeconds", 10);
    if (timeout < 1 || timeout > 30) {
      webhook.invalid("timeoutSeconds", "the timeout value must be between 1 and 30 seconds");
    }
    webhook.ifPresent("namespaceSelector", Selectors::check);
    webhook.ifPresent("objectSelector", Selectors::check);
    At client = webhook.child("clientConfig");
    if (client.has("url") == client.has("service")) {
      client.errors().required(client.path(), "exactly one of url or service is required");
    } else if (client.has("url") && !client.text("url").startsWith("https://")) {
      client.invalid(
          "url", "'https' is the only allowed URL scheme; desired format: https://host[/path]");
    }
    client.ifPresent(
        "service",
        s -> {
          s.required("name", "service name is required");
          s.required("namespace", "service namespace is required");
          s.inRange("port", 1, 65535);
        });
  }

  private static void rule(At rule) {
    rule.required("operations");
    rule.required("apiGroups");
    rule.required("apiVersions");
    rule.required("resources");
    rule.each(
        "operations",
        o -> {
          List<String> known = List.of("*", "CONNECT", "CREATE", "DELETE", "UPDATE");
          if (!known.contains(o.text())) {
            o.errors().notSupported(o.path(), o.text(), known);
          }
        });
    rule.oneOf("scope", List.of("*", "Cluster", "Namespaced"));
  }

  private static Strategy policy(String kind, String rules) {
    return Strategy.of(GROUP, kind)
        .generation()
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(
            p -> {
              ObjectNode spec = Json.ensure(p, "spec");
              Fill.text(spec, "failurePolicy", "Fail");
              Fill.ifObject(spec, "matchConstraints", Admissions::matchDefaults);
            })
        .validate((p, errors) -> validatePolicy(At.spec(p, errors), rules))
        .columns(
            Columns.of(
                    "Name",
                    "#" + Character.toUpperCase(rules.charAt(0)) + rules.substring(1),
                    "ParamKind",
                    "Age")
                .row(
                    (p, now, row) -> {
                      row.add((long) Json.items(p, "spec", rules).size());
                      JsonNode param = Json.at(p, "spec", "paramKind");
                      row.add(
                          param.isObject()
                              ? Json.text(param, "apiVersion") + "/" + Json.text(param, "kind")
                              : "<unset>");
                      row.add(Columns.age(p, now));
                    }))
        .build();
  }

  private static void matchDefaults(ObjectNode match) {
    Fill.text(match, "matchPolicy", "Equivalent");
    Fill.object(match, "namespaceSelector");
    Fill.object(match, "objectSelector");
    Fill.each(match, "resourceRules", r -> Fill.text(r, "scope", "*"));
    Fill.each(match, "excludeResourceRules", r -> Fill.text(r, "scope", "*"));
  }

  private static void validatePolicy(At spec, String rules) {
    spec.oneOf("failurePolicy", FAILURE);
    if (!spec.has("matchConstraints")) {
      spec.errors().required(spec.at("matchConstraints"), "");
    } else {
      spec.child("matchConstraints").required("resourceRules");
      spec.child("matchConstraints").each("resourceRules", Admissions::rule);
    }
    if (rules.equals("validations")) {
      if (spec.lacks("validations") && spec.lacks("auditAnnotations")) {
        spec.errors()
            .required(
                spec.at("validations"),
                "validations or auditAnnotations must contain at least one item");
      }
      spec.each("validations", v -> v.required("expression", "expression is not specified"));
    } else {
      spec.required("mutations", "mutations must contain at least one item");
    }
  }

  private static Strategy binding(String kind) {
    return Strategy.of(GROUP, kind)
        .generation()
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(b -> Fill.ifObject(b.path("spec"), "matchResources", Admissions::matchDefaults))
        .validate((b, errors) -> validateBinding(b, errors, kind))
        .columns(
            Columns.of("Name", "PolicyName", "ParamRef", "Age")
                .row(
                    (b, now, row) -> {
                      row.add(Json.text(b, "spec", "policyName"));
                      row.add(param(Json.at(b, "spec", "paramRef")));
                      row.add(Columns.age(b, now));
                    }))
        .build();
  }

  private static void validateBinding(ObjectNode binding, Errors errors, String kind) {
    At spec = At.spec(binding, errors);
    spec.requiredFollows("policyName", Names::dnsSubdomain);
    if (kind.startsWith("Validating")) {
      spec.required("validationActions");
      spec.each(
          "validationActions",
          a -> {
            if (!List.of("Audit", "Deny", "Warn").contains(a.text())) {
              errors.notSupported(a.path(), a.text(), List.of("Audit", "Deny", "Warn"));
            }
          });
    }
  }

  private static String param(JsonNode ref) {
    String name = Json.text(ref, "name");
    if (name.isEmpty()) {
      return "<unset>";
    }
    String namespace = Json.text(ref, "namespace");
    return (namespace.isEmpty() ? "*" : namespace) + "/" + name;
  }
}

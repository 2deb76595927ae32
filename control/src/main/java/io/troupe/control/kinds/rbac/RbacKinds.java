package io.troupe.control.kinds.rbac;

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
import java.util.stream.Collectors;

/** Role, ClusterRole, RoleBinding and ClusterRoleBinding. Names are free path segments. */
public final class RbacKinds {
  private static final String GROUP = "rbac.authorization.k8s.io";

  private RbacKinds() {}

  public static List<Strategy> all() {
    return List.of(
        role("Role"), role("ClusterRole"), binding("RoleBinding"), binding("ClusterRoleBinding"));
  }

  private static Strategy role(String kind) {
    return Strategy.of(GROUP, kind)
        .nameRule(Names::pathSegment)
        .with(Trait.CREATE_ON_UPDATE)
        .validate((role, errors) -> rules(role, errors, kind.equals("Role")))
        .columns(
            Columns.of("Name", "Created At")
                .row((r, now, row) -> row.add(Json.text(r, "metadata", "creationTimestamp"))))
        .build();
  }

  private static void rules(ObjectNode role, Errors errors, boolean namespaced) {
    At root = At.root(role, errors);
    root.each(
        "rules",
        rule -> {
          if (rule.lacks("verbs")) {
            errors.required(rule.at("verbs"), "verbs must contain at least one value");
          }
          if (!rule.lacks("nonResourceURLs")) {
            if (namespaced) {
              rule.invalid("nonResourceURLs", "namespaced rules cannot apply to non-resource URLs");
            }
            if (!rule.lacks("apiGroups")
                || !rule.lacks("resources")
                || !rule.lacks("resourceNames")) {
              rule.invalid(
                  "nonResourceURLs",
                  "rules cannot apply to both regular resources and non-resource URLs");
            }
            return;
          }
          if (rule.lacks("apiGroups")) {
            errors.required(
                rule.at("apiGroups"), "resource rules must supply at least one api group");
          }
          if (rule.lacks("resources")) {
            errors.required(
                rule.at("resources"), "resource rules must supply at least one resource");
          }
        });
    root.ifPresent(
        "aggregationRule",
        aggregation -> {
          if (aggregation.lacks("clusterRoleSelectors")) {
            errors.required(
                aggregation.at("clusterRoleSelectors"),
                "at least one clusterRoleSelector required");
          }
          aggregation.each("clusterRoleSelectors", Selectors::check);
        });
  }

  private static Strategy binding(String kind) {
    return Strategy.of(GROUP, kind)
        .nameRule(Names::pathSegment)
        .with(Trait.CREATE_ON_UPDATE)
        .defaults(RbacKinds::bindingDefaults)
        .validate((b, errors) -> validateBinding(b, errors, kind.equals("RoleBinding")))
        .alsoOnUpdate(
            (b, old, errors) -> {
              if (!Same.equal(b, old, "roleRef")) {
                At.root(b, errors).invalid("roleRef", "cannot change roleRef");
              }
            })
        .columns(
            Columns.of("Name", "Role", "Age", "+Users", "+Groups", "+ServiceAccounts")
                .row(
                    (b, now, row) -> {
                      row.add(
                          Json.text(b, "roleRef", "kind") + "/" + Json.text(b, "roleRef", "name"));
                      row.add(Columns.age(b, now));
                      row.add(subjects(b, "User"));
                      row.add(subjects(b, "Group"));
                      row.add(subjects(b, "ServiceAccount"));
                    }))
        .build();
  }

  private static void bindingDefaults(ObjectNode binding) {
    Fill.ifObject(binding, "roleRef", ref -> Fill.text(ref, "apiGroup", GROUP));
    Fill.each(
        binding,
        "subjects",
        subject -> {
          String kind = Json.text(subject, "kind");
          if (kind.equals("User") || kind.equals("Group")) {
            Fill.text(subject, "apiGroup", GROUP);
          }
        });
  }

  private static void validateBinding(ObjectNode binding, Errors errors, boolean namespaced) {
    At ref = At.top(binding, "roleRef", errors);
    if (!ref.text("apiGroup").equals(GROUP)) {
      errors.notSupported(ref.at("apiGroup"), ref.text("apiGroup"), List.of(GROUP));
    }
    List<String> kinds = namespaced ? List.of("Role", "ClusterRole") : List.of("ClusterRole");
    if (!kinds.contains(ref.text("kind"))) {
      errors.notSupported(ref.at("kind"), ref.text("kind"), kinds);
    }
    ref.required("name");
    ref.follows("name", Names::pathSegment);
    At.root(binding, errors).each("subjects", s -> subject(s, namespaced));
  }

  private static void subject(At subject, boolean namespaced) {
    Errors errors = subject.errors();
    subject.required("name");
    String group = subject.text("apiGroup");
    switch (subject.text("kind")) {
      case "ServiceAccount" -> {
        subject.follows("name", Names::dnsSubdomain);
        if (!group.isEmpty()) {
          errors.notSupported(subject.at("apiGroup"), group, List.of(""));
        }
        if (!namespaced) {
          subject.required("namespace");
        }
      }
      case "User", "Group" -> {
        if (!group.equals(GROUP)) {
          errors.notSupported(subject.at("apiGroup"), group, List.of(GROUP));
        }
      }
      default ->
          errors.notSupported(
              subject.at("kind"), subject.text("kind"), List.of("ServiceAccount", "User", "Group"));
    }
  }

  private static String subjects(ObjectNode binding, String kind) {
    return Json.items(binding, "subjects").stream()
        .filter(s -> Json.text(s, "kind").equals(kind))
        .map(RbacKinds::subjectName)
        .collect(Collectors.joining(", "));
  }

  private static String subjectName(JsonNode subject) {
    String name = Json.text(subject, "name");
    String namespace = Json.text(subject, "namespace");
    return Json.text(subject, "kind").equals("ServiceAccount") ? namespace + "/" + name : name;
  }
}

package io.troupe.control.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Json;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Selectors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a pod may run: affinity, tolerations and topology spread. */
public final class SchedulingCheck {
  private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
  private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

  private SchedulingCheck() {}

  static void check(At spec) {
    spec.ifPresent(
        "affinity",
        affinity -> {
          affinity.ifPresent("nodeAffinity", SchedulingCheck::nodeAffinity);
          affinity.ifPresent("podAffinity", SchedulingCheck::podAffinity);
          affinity.ifPresent("podAntiAffinity", SchedulingCheck::podAffinity);
        });
    spec.each("tolerations", SchedulingCheck::toleration);
    spread(spec);
  }

  private static void nodeAffinity(At affinity) {
    affinity.ifPresent(REQUIRED, SchedulingCheck::nodeSelector);
    affinity.each(
        PREFERRED,
        term -> {
          weight(term);
          term.ifPresent("preference", p -> nodeTerm(p, false));
        });
  }

  /** A {@code core.NodeSelector}; also in persistent volumes. */
  public static void nodeSelector(At selector) {
    if (selector.lacks("nodeSelectorTerms")) {
      selector
          .errors()
          .required(selector.at("nodeSelectorTerms"), "must have at least one node selector term");
    }
    selector.each("nodeSelectorTerms", t -> nodeTerm(t, true));
  }

  private static void nodeTerm(At term, boolean checkValues) {
    term.each("matchExpressions", r -> nodeRequirement(r, checkValues));
    term.each("matchFields", SchedulingCheck::nodeField);
  }

  private static void nodeRequirement(At requirement, boolean checkValues) {
    int values = requirement.node().path("values").size();
    switch (requirement.text("operator")) {
      case "In", "NotIn" -> {
        if (values == 0) {
          requirement
              .errors()
              .required(
                  requirement.at("values"), "must be specified when `operator` is 'In' or 'NotIn'");
        }
      }
      case "Exists", "DoesNotExist" -> {
        if (values > 0) {
          requirement.forbidden(
              "values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
        }
      }
      case "Gt", "Lt" -> {
        if (values != 1) {
          requirement
              .errors()
              .required(
                  requirement.at("values"),
                  "must be specified single value when `operator` is 'Lt' or 'Gt'");
        }
      }
      default -> requirement.invalid("operator", "not a valid selector operator");
    }
    requirement.child("key").follows(Names::qualifiedName);
    if (checkValues) {
      requirement.each("values", v -> v.follows(Names::labelValue));
    }
  }

  private static void nodeField(At requirement) {
    if (!List.of("In", "NotIn").contains(requirement.text("operator"))) {
      requirement.invalid("operator", "not a valid selector operator");
    } else if (requirement.node().path("values").size() != 1) {
      requirement
          .errors()
          .required(
              requirement.at("values"),
              "must be only one value when `operator` is 'In' or 'NotIn' for node field"
                  + " selector");
    }
    if (!requirement.text("key").equals("metadata.name")) {
      requirement.invalid("key", "not a valid field selector key");
    } else {
      requirement.each("values", v -> v.follows(Names::dnsSubdomain));
    }
  }

  private static void podAffinity(At affinity) {
    affinity.each(REQUIRED, SchedulingCheck::podTerm);
    affinity.each(
        PREFERRED,
        term -> {
          weight(term);
          podTerm(term.child("podAffinityTerm"));
        });
  }

  private static void weight(At term) {
    long weight = term.number("weight", 0);
    if (weight < 1 || weight > 100) {
      term.errors().invalid(term.at("weight"), weight, "must be in the range 1-100");
    }
  }

  private static void podTerm(At term) {
    term.ifPresent("labelSelector", Selectors::check);
    term.ifPresent("namespaceSelector", Selectors::check);
    term.each(
        "namespaces",
        n -> n.errors().invalid(term.at("namespace"), n.text(), Names.dnsLabel(n.text())));
    labelKeys(term);
    if (term.required("topologyKey", "can not be empty")) {
      term.follows("topologyKey", Names::qualifiedName);
    }
  }

  private static void labelKeys(At term) {
    Set<String> selected = new HashSet<>();
    JsonNode selector = term.node().path("labelSelector");
    selector.path("matchLabels").properties().forEach(e -> selected.add(e.getKey()));
    for (JsonNode requirement : Json.items(selector, "matchExpressions")) {
      selected.add(Json.text(requirement, "key"));
    }
    Set<String> mismatch = new HashSet<>();
    term.each("mismatchLabelKeys", k -> mismatch.add(k.text()));
    for (String field : List.of("matchLabelKeys", "mismatchLabelKeys")) {
      if (!term.lacks(field) && !term.has("labelSelector")) {
        term.forbidden(field, "must not be specified when labelSelector is not set");
        continue;
      }
      term.each(field, k -> k.follows(Names::qualifiedName));
    }
    term.each(
        "matchLabelKeys",
        k -> {
          if (mismatch.contains(k.text())) {
            k.invalid("exists in both matchLabelKeys and mismatchLabelKeys");
          }
        });
  }

  static void toleration(At toleration) {
    toleration.follows("key", Names::qualifiedName);
    String operator = toleration.text("operator");
    String value = toleration.text("value");
    if (toleration.lacks("key") && !operator.equals("Exists")) {
      toleration
          .errors()
          .invalid(
              toleration.at("operator"),
              operator,
              "operator must be Exists when `key` is empty, which means \"match all values and all"
                  + " keys\"");
    }
    if (toleration.has("tolerationSeconds") && !toleration.text("effect").equals("NoExecute")) {
      toleration
          .errors()
          .invalid(
              toleration.at("effect"),
              toleration.text("effect"),
              "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }
    switch (operator) {
      case "", "Equal" ->
          Names.labelValue(value)
              .forEach(m -> toleration.errors().invalid(toleration.at("operator"), value, m));
      case "Exists" -> {
        if (!value.isEmpty()) {
          toleration
              .errors()
              .invalid(
                  toleration.at("operator"),
                  value,
                  "value must be empty when `operator` is 'Exists'");
        }
      }
      default ->
          toleration
              .errors()
              .notSupported(toleration.at("operator"), operator, List.of("Equal", "Exists"));
    }
    if (!toleration.lacks("effect")) {
      toleration.oneOf("effect", List.of("NoSchedule", "PreferNoSchedule", "NoExecute"));
    }
  }

  private static void spread(At spec) {
    Set<String> seen = new HashSet<>();
    spec.each(
        "topologySpreadConstraints",
        constraint -> {
          constraint.positive("maxSkew");
          constraint.required("topologyKey", "can not be empty");
          String action = constraint.text("whenUnsatisfiable");
          List<String> actions = List.of("DoNotSchedule", "ScheduleAnyway");
          if (!actions.contains(action)) {
            constraint.errors().notSupported(constraint.at("whenUnsatisfiable"), action, actions);
          }
          String shown = "{" + constraint.text("topologyKey") + ", " + action + "}";
          if (!seen.add(shown)) {
            constraint.errors().duplicate(constraint.at("{topologyKey, whenUnsatisfiable}"), shown);
          }
          minDomains(constraint, action);
          constraint.oneOf("nodeAffinityPolicy", List.of("Honor", "Ignore"));
          constraint.oneOf("nodeTaintsPolicy", List.of("Honor", "Ignore"));
          labelKeys(constraint);
          constraint.ifPresent("labelSelector", Selectors::check);
        });
  }

  private static void minDomains(At constraint, String action) {
    if (!constraint.has("minDomains")) {
      return;
    }
    constraint.positive("minDomains");
    if (!action.equals("DoNotSchedule")) {
      constraint.invalid(
          "minDomains",
          "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
    }
  }
}

package io.troupe.control.kinds.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Fill;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.field.Same;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import java.util.ArrayList;
import java.util.List;

/** The strategies of this package. */
public final class ClusterKinds {
  private static final String FLOW = "flowcontrol.apiserver.k8s.io";

  private ClusterKinds() {}

  public static List<Strategy> all() {
    List<Strategy> all = new ArrayList<>(Admissions.all());
    all.addAll(
        List.of(
            CertificateRequests.strategy(),
            Definitions.strategy(),
            runtimeClass(),
            apiService(),
            flowSchema(),
            priorityLevel(),
            nameAndAge("resource.k8s.io", "DeviceClass").generation().build(),
            nameAndAge("resource.k8s.io", "ResourceClaimTemplate").build(),
            resourceClaim(),
            resourceSlice()));
    return all;
  }

  private static Strategy.Builder nameAndAge(String group, String kind) {
    return Strategy.of(group, kind).columns(Columns.NAME_AGE);
  }

  private static Strategy runtimeClass() {
    return Strategy.of("node.k8s.io", "RuntimeClass")
        .with(Trait.CREATE_ON_UPDATE)
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .validate((c, errors) -> At.root(c, errors).requiredFollows("handler", Names::dnsLabel))
        .alsoOnUpdate((c, old, errors) -> At.root(c, errors).immutable("handler", old))
        .columns(
            Columns.of("Name", "Handler", "Age")
                .row(
                    (c, now, row) -> {
                      row.add(Json.text(c, "handler"));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static Strategy apiService() {
    return Strategy.of("apiregistration.k8s.io", "APIService")
        .nameRule(Names::pathSegment)
        .with(Trait.CONDITIONAL_UPDATE_ONLY)
        .defaults(s -> Fill.ifObject(s.path("spec"), "service", r -> Fill.number(r, "port", 443)))
        .validate(ClusterKinds::validateService)
        .columns(
            Columns.of("Name", "Service", "Available", "Age")
                .row(
                    (s, now, row) -> {
                      JsonNode service = Json.at(s, "spec", "service");
                      row.add(
                          service.isObject()
                              ? Json.text(service, "namespace") + "/" + Json.text(service, "name")
                              : "Local");
                      row.add(available(s));
                      row.add(Columns.age(s, now));
                    }))
        .build();
  }

  private static String available(ObjectNode service) {
    for (JsonNode condition : Json.items(service, "status", "conditions")) {
      if (Json.text(condition, "type").equals("Available")) {
        String status = Json.text(condition, "status");
        String reason = Json.text(condition, "reason");
        return status.equals("True") ? status : status + " (" + reason + ")";
      }
    }
    return "Unknown";
  }

  private static void validateService(ObjectNode service, Errors errors) {
    At spec = At.spec(service, errors);
    String wanted = spec.text("version") + "." + spec.text("group");
    if (!Meta.name(service).equals(wanted)) {
      errors.invalid(
          FieldPath.METADATA.child("name"),
          Meta.name(service),
          "must be `spec.version+\".\"+spec.group`: " + Errors.quote(wanted));
    }
    if (spec.lacks("group") && !spec.text("version").equals("v1")) {
      errors.required(
          spec.at("group"), "only v1 may have an empty group and it better be legacy kube");
    }
    spec.follows("group", Names::dnsSubdomain);
    spec.child("version").follows(Names::dns1035Label);
    long group = spec.number("groupPriorityMinimum", 0);
    if (group <= 0 || group > 20000) {
      errors.invalid(
          spec.at("groupPriorityMinimum"), group, "must be positive and less than 20000");
    }
    long version = spec.number("versionPriority", 0);
    if (version <= 0 || version > 1000) {
      errors.invalid(spec.at("versionPriority"), version, "must be positive and less than 1000");
    }
    spec.ifPresent(
        "service",
        s -> {
          s.required("namespace");
          s.required("name");
          s.inRange("port", 1, 65535);
        });
    if (spec.flag("insecureSkipTLSVerify") && !spec.lacks("caBundle")) {
      spec.invalid("insecureSkipTLSVerify", "may not be true if caBundle is present");
    }
  }

  private static Strategy flowSchema() {
    return Strategy.of(FLOW, "FlowSchema")
        .generation()
        .defaults(s -> Fill.nonZero(Json.ensure(s, "spec"), "matchingPrecedence", 1000))
        .validate(
            (s, errors) -> {
              At spec = At.spec(s, errors);
              spec.inRange("matchingPrecedence", 1, 10000);
              spec.child("priorityLevelConfiguration").requiredFollows("name", Names::dnsSubdomain);
              spec.ifPresent(
                  "distinguisherMethod",
                  d -> d.requiredOneOf("type", List.of("ByNamespace", "ByUser")));
            })
        .columns(
            Columns.of(
                    "Name",
                    "PriorityLevel",
                    "MatchingPrecedence",
                    "DistinguisherMethod",
                    "Age",
                    "MissingPL")
                .row(
                    (s, now, row) -> {
                      JsonNode spec = s.path("spec");
                      row.add(Json.text(spec, "priorityLevelConfiguration", "name"));
                      row.add(Json.number(spec, 0, "matchingPrecedence"));
                      String method = Json.text(spec, "distinguisherMethod", "type");
                      row.add(method.isEmpty() ? "<none>" : method);
                      row.add(Columns.age(s, now));
                      row.add(dangling(s));
                    }))
        .build();
  }

  private static String dangling(ObjectNode schema) {
    return Json.items(schema, "status", "conditions").stream()
        .filter(c -> Json.text(c, "type").equals("Dangling"))
        .map(c -> Json.text(c, "status"))
        .findFirst()
        .orElse("?");
  }

  private static Strategy priorityLevel() {
    return Strategy.of(FLOW, "PriorityLevelConfiguration")
        .generation()
        .defaults(ClusterKinds::levelDefaults)
        .validate(
            (l, errors) -> {
              At spec = At.spec(l, errors);
              spec.requiredOneOf("type", List.of("Exempt", "Limited"));
              if (spec.text("type").equals("Limited") && !spec.has("limited")) {
                errors.required(spec.at("limited"), "must not be empty when type is Limited");
              }
            })
        .columns(
            Columns.of(
                    "Name",
                    "Type",
                    "NominalConcurrencyShares",
                    "Queues",
                    "HandSize",
                    "QueueLengthLimit",
                    "Age")
                .row(
                    (l, now, row) -> {
                      row.add(Json.text(l, "spec", "type"));
                      JsonNode limited = Json.at(l, "spec", "limited");
                      row.add(limited.path("nominalConcurrencyShares").asText("<none>"));
                      JsonNode queuing = Json.at(limited, "limitResponse", "queuing");
                      for (String field : List.of("queues", "handSize", "queueLengthLimit")) {
                        row.add(queuing.path(field).asText("<none>"));
                      }
                      row.add(Columns.age(l, now));
                    }))
        .build();
  }

  private static void levelDefaults(ObjectNode level) {
    ObjectNode spec = Json.ensure(level, "spec");
    Fill.ifObject(
        spec,
        "exempt",
        e -> {
          Fill.number(e, "nominalConcurrencyShares", 0);
          Fill.number(e, "lendablePercent", 0);
        });
    Fill.ifObject(
        spec,
        "limited",
        limited -> {
          Fill.number(limited, "nominalConcurrencyShares", 30);
          Fill.number(limited, "lendablePercent", 0);
          Fill.ifObject(
              limited.path("limitResponse"),
              "queuing",
              q -> {
                Fill.nonZero(q, "handSize", 8);
                Fill.nonZero(q, "queues", 64);
                Fill.nonZero(q, "queueLengthLimit", 50);
              });
        });
  }

  private static Strategy resourceClaim() {
    return Strategy.of("resource.k8s.io", "ResourceClaim")
        .alsoOnUpdate(
            (c, old, errors) -> {
              if (!Same.equal(c, old, "spec")) {
                At.root(c, errors).invalid("spec", "field is immutable");
              }
            })
        .columns(
            Columns.of("Name", "State", "Age")
                .row(
                    (c, now, row) -> {
                      row.add(claimState(c));
                      row.add(Columns.age(c, now));
                    }))
        .build();
  }

  private static String claimState(ObjectNode claim) {
    List<String> states = new ArrayList<>();
    boolean deleting = Meta.isDeleting(claim);
    if (deleting) {
      states.add("deleted");
    }
    if (Json.at(claim, "status", "allocation").isObject()) {
      states.add("allocated");
      if (!Json.items(claim, "status", "reservedFor").isEmpty()) {
        states.add("reserved");
      }
    } else if (!deleting) {
      states.add("pending");
    }
    return String.join(",", states);
  }

  private static Strategy resourceSlice() {
    return Strategy.of("resource.k8s.io", "ResourceSlice")
        .generation()
        .selectable("spec.nodeName", o -> Json.text(o, "spec", "nodeName"))
        .selectable("spec.driver", o -> Json.text(o, "spec", "driver"))
        .columns(
            Columns.of("Name", "Node", "Driver", "Pool", "Age")
                .row(
                    (s, now, row) -> {
                      row.add(Json.text(s, "spec", "nodeName"));
                      row.add(Json.text(s, "spec", "driver"));
                      row.add(Json.text(s, "spec", "pool", "name"));
                      row.add(Columns.age(s, now));
                    }))
        .build();
  }
}

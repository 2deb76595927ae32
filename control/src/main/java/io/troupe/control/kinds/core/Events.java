package io.troupe.control.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import io.troupe.control.kinds.field.Names;
import io.troupe.control.kinds.strategy.Columns;
import io.troupe.control.kinds.strategy.Strategy;
import io.troupe.control.kinds.strategy.Strategy.Trait;
import io.troupe.control.kinds.strategy.Times;
import java.util.List;
import java.util.Locale;

/** Event: stored in its core form, also served as events.k8s.io. */
final class Events {
  private Events() {}

  static Strategy strategy(String group) {
    Strategy.Builder event =
        Strategy.of(group, "Event")
            .with(Trait.CREATE_ON_UPDATE)
            .validate(Events::validate)
            .validateUpdate((e, old, errors) -> {})
            .selectable("reason", o -> Json.text(o, "reason"))
            .selectable("type", o -> Json.text(o, "type"))
            .selectable("reportingComponent", o -> Json.text(o, "reportingComponent"))
            .selectable("source", Events::source)
            .columns(COLUMNS);
    for (String field :
        List.of("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")) {
      event.selectable("involvedObject." + field, o -> Json.text(o, "involvedObject", field));
      if (!group.isEmpty()) {
        event.selectable("regarding." + field, o -> Json.text(o, "involvedObject", field));
      }
    }
    return event.build();
  }

  private static String source(JsonNode event) {
    String component = Json.text(event, "source", "component");
    return component.isEmpty() ? Json.text(event, "reportingComponent") : component;
  }

  private static void validate(ObjectNode event, Errors errors) {
    String involved = Json.text(event, "involvedObject", "namespace");
    String namespace = Meta.namespace(event);
    boolean clusterScoped = involved.isEmpty();
    if (clusterScoped
        ? !namespace.equals("default") && !namespace.equals("kube-system")
        : !involved.equals(namespace)) {
      errors.invalid(
          FieldPath.of("involvedObject", "namespace"), involved, "does not match event.namespace");
    }
    if (Json.at(event, "eventTime").isTextual()) {
      At root = At.root(event, errors);
      root.required("reportingComponent");
      root.follows("reportingComponent", Names::qualifiedName);
      root.required("reportingInstance");
      root.required("action");
      root.required("reason");
      root.requiredOneOf("type", List.of("Normal", "Warning"));
    }
  }

  private static final Columns COLUMNS =
      Columns.of(
              "Last Seen",
              "Type",
              "Reason",
              "Object",
              "+Subobject",
              "+Source",
              "Message",
              "+First Seen",
              "+Count",
              "+Name")
          .wholeRow(Events::row);

  private static void row(ObjectNode event, long now, List<Object> row) {
    String eventTime = Json.text(event, "eventTime");
    String firstTime = Json.text(event, "firstTimestamp");
    String first = Times.since(firstTime.isEmpty() ? eventTime : firstTime, now);
    String lastTime = Json.text(event, "lastTimestamp");
    String last = lastTime.isEmpty() ? first : Times.since(lastTime, now);
    long count = Math.max(1, Json.number(event, 1, "count"));
    if (event.hasNonNull("series")) {
      last = Times.since(Json.text(event, "series", "lastObservedTime"), now);
      count = Json.number(event, 0, "series", "count");
    }
    row.add(last);
    row.add(Json.text(event, "type"));
    row.add(Json.text(event, "reason"));
    String kind = Json.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT);
    String name = Json.text(event, "involvedObject", "name");
    row.add(name.isEmpty() ? kind : kind + "/" + name);
    row.add(Json.text(event, "involvedObject", "fieldPath"));
    String host = Json.text(event, "source", "host");
    String instance = host.isEmpty() ? Json.text(event, "reportingInstance") : host;
    row.add(source(event) + (instance.isEmpty() ? "" : ", " + instance));
    row.add(Json.text(event, "message").strip());
    row.add(first);
    row.add(count);
    row.add(Meta.name(event));
  }
}

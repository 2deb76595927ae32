package io.troupe.control.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.rest.KindRules;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.control.kinds.KubernetesDecider;
import io.troupe.control.kinds.Tables;
import io.troupe.control.kinds.Tables.IncludeObject;
import io.troupe.persistence.store.Request;
import java.util.List;
import java.util.Optional;

/** The kinds' rules, as the API server's verbs ask for them. */
public final class KindRulesOf implements KindRules {
  private final KubernetesDecider decider;
  private final Tables tables;
  private final FieldSelectors fields;

  public KindRulesOf(KubernetesDecider decider, Tables tables, FieldSelectors fields) {
    this.decider = decider;
    this.tables = tables;
    this.fields = fields;
  }

  @Override
  public ObjectNode toRequested(Kind kind, ObjectNode stored) {
    return decider.toRequested(kind, stored);
  }

  @Override
  public Optional<ObjectNode> view(ObjectKey key, ObjectNode object, Request request) {
    return decider.view(key, object, request);
  }

  @Override
  public ObjectNode table(Kind kind, List<ObjectNode> items, long nowMillis, String includeObject) {
    IncludeObject include =
        switch (includeObject) {
          case "None" -> IncludeObject.NONE;
          case "Object" -> IncludeObject.OBJECT;
          default -> IncludeObject.METADATA;
        };
    return tables.render(kind, items, nowMillis, include);
  }

  @Override
  public Optional<String> field(Kind kind, String path, ObjectNode object) {
    try {
      return Optional.of(fields.value(kind, object, path));
    } catch (RefusedException unsupported) {
      return Optional.empty();
    }
  }
}

package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.api.selector.FieldSelector;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.apiserver.http.Query;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.WatchCache;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which objects of a type a list or watch is about: label and field selectors, and a single name.
 */
final class Selection implements Predicate<CachedObject> {
  private final Kind kind;
  private final KindRules rules;
  private final LabelSelector labels;
  private final FieldSelector fields;
  private final String onlyName;

  private Selection(
      Kind kind, KindRules rules, LabelSelector labels, FieldSelector fields, String onlyName) {
    this.kind = kind;
    this.rules = rules;
    this.labels = labels;
    this.fields = fields;
    this.onlyName = onlyName;
  }

  /** Reads the selectors of a query, refusing fields that the kind cannot be selected by. */
  static Selection of(Kind kind, KindRules rules, Query query) {
    LabelSelector labels = LabelSelector.parse(query.text("labelSelector"));
    FieldSelector fields = FieldSelector.parse(query.text("fieldSelector"));
    String onlyName = "";
    ObjectNode probe = Json.object();
    for (FieldSelector.Term term : fields.terms()) {
      if (rules.field(kind, term.path(), probe).isEmpty()) {
        throw new RefusedException(
            Refusal.badRequest(
                "Unable to find \"%s\" that match label selector \"%s\", field selector \"%s\": field label not supported: %s"
                    .formatted(
                        kind.resource().apiVersion() + ", Resource=" + kind.resource().plural(),
                        query.text("labelSelector"),
                        query.text("fieldSelector"),
                        term.path())));
      }
      if (term.path().equals("metadata.name") && term.equal()) {
        onlyName = term.value();
      }
    }
    return new Selection(kind, rules, labels, fields, onlyName);
  }

  boolean isEverything() {
    return labels.isEverything() && fields.isEverything();
  }

  @Override
  public boolean test(CachedObject object) {
    if (isEverything()) {
      return true;
    }
    if (!onlyName.isEmpty() && !object.key().name().equals(onlyName)) {
      return false;
    }
    ObjectNode tree = object.tree();
    return (labels.isEverything() || labels.matches(Meta.labels(tree)))
        && fields.matches(path -> rules.field(kind, path, tree).orElse(""));
  }

  List<CachedObject> apply(WatchCache.Snapshot snapshot) {
    return isEverything() ? snapshot.objects() : snapshot.objects().stream().filter(this).toList();
  }
}

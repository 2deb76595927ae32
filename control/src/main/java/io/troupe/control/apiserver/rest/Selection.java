package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.Kind;
import io.troupe.api.selector.FieldSelector;
import io.troupe.api.selector.LabelSelector;
import io.troupe.control.apiserver.http.Query;
import io.troupe.control.kinds.FieldSelectors;
import io.troupe.persistence.store.CachedObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Which objects of a kind a list or watch is about. */
final class Selection {
  private record FieldTerm(Function<JsonNode, String> reader, boolean equal, String value) {
    boolean matches(JsonNode object) {
      return reader.apply(object).equals(value) == equal;
    }
  }

  private final LabelSelector labels;
  private final List<FieldTerm> terms;
  private final String name;

  private Selection(LabelSelector labels, List<FieldTerm> terms, String name) {
    this.labels = labels;
    this.terms = terms;
    this.name = name;
  }

  /** Reads a request's selectors; refuses fields that the kind does not have. */
  static Selection of(Kind kind, Query query, FieldSelectors fields) {
    return of(kind, query.first("labelSelector"), query.first("fieldSelector"), fields);
  }

  static Selection of(Kind kind, String labels, String fieldText, FieldSelectors fields) {
    FieldSelector selector = FieldSelector.parse(fieldText);
    List<FieldTerm> terms = new ArrayList<>();
    for (FieldSelector.Term term : selector.terms()) {
      if (!term.path().equals("metadata.name") || !term.equal()) {
        terms.add(
            new FieldTerm(fields.reader(kind, term.path()), term.equal(), term.value()));
      }
    }
    return new Selection(
        LabelSelector.parse(labels), terms, selector.exactValue("metadata.name").orElse(""));
  }

  boolean isEverything() {
    return name.isEmpty() && terms.isEmpty() && labels.isEverything();
  }

  /** The one object that can match, if the selectors name one. */
  Optional<String> name() {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  boolean matches(CachedObject object) {
    if (!name.isEmpty() && !object.key().name().equals(name)) {
      return false;
    }
    if (terms.isEmpty() && labels.isEverything()) {
      return true;
    }
    JsonNode tree = object.tree();
    for (FieldTerm term : terms) {
      if (!term.matches(tree)) {
        return false;
      }
    }
    return labels.matchesObject(tree);
  }

  List<CachedObject> of(List<CachedObject> objects) {
    return isEverything() ? objects : objects.stream().filter(this::matches).toList();
  }
}

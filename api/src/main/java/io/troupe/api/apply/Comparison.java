package io.troupe.api.apply;

/** What a write did to an object, field by field; no field is in more than one set. */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

  boolean isSame() {
    return removed.isEmpty() && modified.isEmpty() && added.isEmpty();
  }

  FieldSet changed() {
    return modified.union(added);
  }

  /** The comparison as far as the writer may change fields at all. */
  Comparison without(FieldSet reset) {
    return reset.isEmpty()
        ? this
        : new Comparison(removed.without(reset), modified.without(reset), added.without(reset));
  }
}

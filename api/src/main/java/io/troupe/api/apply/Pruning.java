package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;

/**
 * Removes from a merged object what the applier gave up: it applied it last time, does not apply it
 * this time, and nobody else owns it.
 */
final class Pruning {
  private Pruning() {}

  /**
   * Prunes.
   *
   * @param last what the applier owned before
   * @param owned what anybody owns now, the applier's new configuration included
   */
  static ObjectNode prune(ObjectNode merged, FieldSet last, FieldSet owned, Schema schema) {
    if (last.isEmpty()) {
      return merged;
    }
    FieldSet lastNamed = NamedFields.withParents(last, schema);
    FieldSet all = NamedFields.withParents(FieldExtraction.of(merged, schema), schema);
    ObjectNode pruned = object(ItemRemoval.remove(merged, lastNamed, schema));
    FieldSet kept = named(pruned, schema).union(NamedFields.withParents(owned, schema));
    pruned = object(ItemRemoval.remove(merged, all.difference(kept), schema));
    // What nobody owns and the applier never had goes back in, too.
    FieldSet gone = all.difference(named(pruned, schema)).intersection(lastNamed);
    return object(ItemRemoval.remove(merged, gone, schema));
  }

  private static FieldSet named(ObjectNode object, Schema schema) {
    return NamedFields.withParents(FieldExtraction.of(object, schema), schema);
  }

  private static ObjectNode object(JsonNode node) {
    return node instanceof ObjectNode object ? object : Json.object();
  }
}

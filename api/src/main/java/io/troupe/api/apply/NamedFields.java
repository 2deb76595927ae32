package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import java.util.Map;

/**
 * A set with the fields added that lie above its members and are declared by the schema: who owns
 * {@code spec.replicas} then has {@code spec}, too, but who owns a label has not all labels.
 */
final class NamedFields {
  private NamedFields() {}

  static FieldSet withParents(FieldSet set, Schema schema) {
    return FieldSet.ofCanonical(children(set.trie(), schema));
  }

  private static ObjectNode children(ObjectNode node, Schema schema) {
    ObjectNode out = Json.object();
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      String element = child.getKey();
      ObjectNode below = (ObjectNode) child.getValue();
      if (element.equals(FieldSet.SELF) || below.isEmpty()) {
        out.set(element, below);
        continue;
      }
      ObjectNode deeper = children(below, childSchema(schema, element));
      if (!deeper.has(FieldSet.SELF) && isDeclared(schema, element)) {
        ObjectNode marked = Json.object();
        marked.putObject(FieldSet.SELF);
        deeper = marked.setAll(deeper);
      }
      out.set(element, deeper);
    }
    return out;
  }

  private static boolean isDeclared(Schema schema, String element) {
    return schema != null
        && element.startsWith("f:")
        && schema.fields().containsKey(element.substring(2));
  }

  private static Schema childSchema(Schema schema, String element) {
    if (schema == null) {
      return null;
    }
    return element.startsWith("f:") ? Shape.child(schema, element.substring(2)) : schema.element();
  }
}

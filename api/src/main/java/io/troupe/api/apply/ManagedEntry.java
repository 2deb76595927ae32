package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Quoted;
import java.util.Comparator;

/**
 * One entry of {@code metadata.managedFields}.
 *
 * @param time RFC 3339 in UTC, "" for none
 */
record ManagedEntry(ManagerId id, String apiVersion, String time, FieldSet fields) {
  /** The order of upstream: appliers first, then by time and name. */
  static final Comparator<ManagedEntry> ORDER =
      Comparator.comparing((ManagedEntry e) -> e.id().operation())
          .thenComparing(ManagedEntry::time)
          .thenComparing(e -> e.id().manager())
          .thenComparing(ManagedEntry::apiVersion)
          .thenComparing(e -> e.id().subresource());

  boolean isUpdate() {
    return id.operation().equals(ManagerId.UPDATE);
  }

  ManagedEntry with(FieldSet changed) {
    return new ManagedEntry(id, apiVersion, time, changed);
  }

  /**
   * Reads an entry.
   *
   * @param trusted whether this server wrote it, so that its trie is known to be in order
   * @throws IllegalArgumentException when it is no valid entry
   */
  static ManagedEntry parse(JsonNode node, boolean trusted) {
    String operation = Json.text(node, "operation");
    require(
        operation.equals(ManagerId.APPLY) || operation.equals(ManagerId.UPDATE),
        "operation must be `Apply` or `Update`");
    String apiVersion = Json.text(node, "apiVersion");
    require(!apiVersion.isEmpty(), "apiVersion must not be empty");
    String type = Json.text(node, "fieldsType");
    require(
        type.equals("FieldsV1"),
        type.isEmpty()
            ? "missing fieldsType in managed fields entry"
            : "invalid fieldsType " + Quoted.quote(type) + " in managed fields entry");
    ManagerId id =
        new ManagerId(
            Json.text(node, "manager"),
            operation,
            operation.equals(ManagerId.APPLY) ? "" : apiVersion,
            Json.text(node, "subresource"));
    JsonNode trie = Json.at(node, "fieldsV1");
    FieldSet fields =
        !trie.isObject()
            ? FieldSet.EMPTY
            : trusted ? FieldSet.ofCanonical((ObjectNode) trie) : FieldSet.parse(trie);
    return new ManagedEntry(id, apiVersion, Json.text(node, "time"), fields);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }

  ObjectNode encode() {
    ObjectNode node = Json.object();
    if (!id.manager().isEmpty()) {
      node.put("manager", id.manager());
    }
    node.put("operation", id.operation()).put("apiVersion", apiVersion);
    if (!time.isEmpty()) {
      node.put("time", time);
    }
    node.put("fieldsType", "FieldsV1").set("fieldsV1", fields.trie());
    if (!id.subresource().isEmpty()) {
      node.put("subresource", id.subresource());
    }
    return node;
  }
}

package io.troupe.api.codec;

import io.troupe.api.kinds.Schema;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message's fields by name and by number. Embedded structs are messages of their own on the wire
 * whose fields JSON shows among those of the outer one.
 */
final class MessageLayout {

  /** A field that the message itself holds. */
  record Slot(String name, int number, WireType type, Schema.Presence presence) {}

  private final Map<String, Slot> byName = new LinkedHashMap<>();
  private final Map<Integer, Slot> byNumber = new HashMap<>();
  private final Map<Integer, MessageLayout> embedded = new LinkedHashMap<>();

  static MessageLayout of(Schema schema) {
    MessageLayout layout = new MessageLayout();
    for (Schema.Field field : schema.fields().values()) {
      if (field.protobuf() > 0) {
        MessageLayout holder = layout;
        for (int number : field.within()) {
          holder = holder.embedded.computeIfAbsent(number, n -> new MessageLayout());
        }
        holder.add(field, schema);
      }
    }
    return layout;
  }

  private void add(Schema.Field field, Schema owner) {
    WireType type = WireType.of(field.schema(), owner);
    Slot slot = new Slot(field.name(), field.protobuf(), type, field.presence());
    byName.put(slot.name(), slot);
    byNumber.put(slot.number(), slot);
  }

  /** The slot of a field of this message itself, or null. */
  Slot named(String name) {
    return byName.get(name);
  }

  /** The slot with the number, or null. */
  Slot numbered(int number) {
    return byNumber.get(number);
  }

  Iterable<Slot> slots() {
    return byName.values();
  }

  /** Embedded messages by their field number. */
  Map<Integer, MessageLayout> embedded() {
    return embedded;
  }
}

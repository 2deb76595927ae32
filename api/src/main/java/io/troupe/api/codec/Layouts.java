package io.troupe.api.codec;

import io.troupe.api.kinds.Schema;
import java.util.concurrent.ConcurrentHashMap;

/** The layouts of messages, each made once. Safe for use from many threads. */
final class Layouts {
  private final ConcurrentHashMap<String, MessageLayout> byDefinition = new ConcurrentHashMap<>();

  MessageLayout of(Schema schema) {
    MessageLayout known = byDefinition.get(schema.definition());
    if (known == null) {
      known = MessageLayout.of(schema);
      byDefinition.put(schema.definition(), known);
    }
    return known;
  }
}

package io.troupe.control.apiserver.history;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.History.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** One line of the history: the fact, then the objects before and after as they are stored. */
final class EntryLine {
  private EntryLine() {}

  /** Without the right to see the object, who, when and how remain. */
  static byte[] of(Entry entry, boolean withObjects) {
    ObjectNode line = Json.object().put("revision", entry.revision());
    line.put("time", Instant.ofEpochMilli(entry.timeMillis()).toString());
    line.put("user", entry.user()).put("verb", entry.verb());
    line.put("subresource", entry.subresource()).put("type", entry.key().type().toString());
    line.put("namespace", entry.key().namespace()).put("name", entry.key().name());
    line.put("sequence", entry.sequence()).put("userAgent", entry.userAgent());
    line.put("fieldManager", entry.fieldManager()).put("requestId", entry.requestId());
    if (withObjects) {
      raw(line, "before", entry.before());
      raw(line, "after", entry.after());
    } else {
      line.put("withheld", true);
    }
    return bytes(line);
  }

  private static void raw(ObjectNode line, String field, byte[] json) {
    if (json != null) {
      line.putRawValue(field, new RawValue(new String(json, StandardCharsets.UTF_8)));
    }
  }

  private static byte[] bytes(ObjectNode line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);
    try (JsonGenerator json = Json.MAPPER.createGenerator(out)) {
      Json.MAPPER.writeTree(json, line);
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}

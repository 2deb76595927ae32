package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;

/** Builds JSON trees from YAML events, bounded in depth and in what aliases expand to. */
final class YamlReader {
  /** Characters of one body. */
  private static final int CODE_POINTS_MAX = 16 * 1024 * 1024;

  /** Values that all aliases of a text may add. */
  private static final int ALIASED_VALUES_MAX = 100_000;

  private final Iterator<Event> events;
  private final Map<String, JsonNode> anchors = new HashMap<>();
  private final List<String> duplicates = new ArrayList<>();
  private int depth;
  private int aliased;

  YamlReader(String text) {
    LoadSettings settings =
        LoadSettings.builder().setCodePointLimit(CODE_POINTS_MAX).setParseComments(false).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  List<Yaml.Document> documents() {
    List<Yaml.Document> documents = new ArrayList<>();
    while (events.hasNext()) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.DocumentStart) {
        anchors.clear();
        duplicates.clear();
        JsonNode value = value(events.next());
        documents.add(new Yaml.Document(value, duplicates));
      }
    }
    return documents;
  }

  private JsonNode value(Event event) {
    JsonNode value =
        switch (event) {
          case ScalarEvent scalar -> YamlScalars.resolve(scalar);
          case SequenceStartEvent start -> nested(this::sequence);
          case MappingStartEvent start -> nested(this::mapping);
          case AliasEvent alias -> expanded(alias.getAlias().getValue());
          default -> throw Yaml.refused("yaml: unexpected " + event.getEventId());
        };
    if (event instanceof NodeEvent node && !(event instanceof AliasEvent)) {
      node.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), value));
    }
    return value;
  }

  private JsonNode nested(Supplier<JsonNode> inner) {
    if (++depth > Json.MAX_DEPTH) {
      throw Yaml.refused("yaml: exceeded max depth of " + Json.MAX_DEPTH);
    }
    JsonNode value = inner.get();
    depth--;
    return value;
  }

  private JsonNode expanded(String anchor) {
    JsonNode value = anchors.get(anchor);
    if (value == null) {
      throw Yaml.refused("yaml: unknown anchor '" + anchor + "' referenced");
    }
    count(value, depth);
    return value.deepCopy();
  }

  private void count(JsonNode value, int at) {
    if (++aliased > ALIASED_VALUES_MAX || at > Json.MAX_DEPTH) {
      throw Yaml.refused("yaml: document contains excessive aliasing");
    }
    value.forEach(child -> count(child, at + 1));
  }

  private ArrayNode sequence() {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Event event = events.next();
        event.getEventId() != Event.ID.SequenceEnd;
        event = events.next()) {
      array.add(value(event));
    }
    return array;
  }

  private ObjectNode mapping() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    List<JsonNode> merged = new ArrayList<>(0);
    for (Event event = events.next();
        event.getEventId() != Event.ID.MappingEnd;
        event = events.next()) {
      String key = key(event);
      JsonNode value = value(events.next());
      if (key.equals("<<") && YamlScalars.isPlain(event)) {
        merged.add(value);
      } else if (object.replace(key, value) != null) {
        duplicates.add("key " + Quoted.quote(key) + " already set in map");
      }
    }
    merged.forEach(base -> merge(object, base));
    return object;
  }

  private String key(Event event) {
    JsonNode key = value(event);
    if (key.isContainerNode()) {
      throw Yaml.refused("yaml: unsupported map key of type: " + key.getNodeType());
    }
    return key.asText();
  }

  /** Keys of the mapping itself win over merged ones. */
  private static void merge(ObjectNode object, JsonNode base) {
    if (base.isArray()) {
      base.forEach(one -> merge(object, one));
    } else if (base.isObject()) {
      base.properties().forEach(field -> object.putIfAbsent(field.getKey(), field.getValue()));
    } else {
      throw Yaml.refused("yaml: map merge requires map or sequence of maps as the value");
    }
  }
}

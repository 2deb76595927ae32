package io.troupe.api.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import io.troupe.api.object.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Path elements in their serialized form: {@code f:name} is a field, {@code k:{"name":"x"}} a list
 * element with these keys, {@code v:"x"} an element of a set, {@code i:0} a place in a list.
 */
final class PathElements {
  /** The node itself, then fields, keys, values and indices, each kind in its own order. */
  static final Comparator<String> ORDER = PathElements::compare;

  private PathElements() {}

  static String field(String name) {
    return "f:" + name;
  }

  /**
   * The element of an item of a list that is merged by keys; defaults of the schema stand in for
   * missing keys.
   *
   * @throws TypedException when the item has no key at all
   */
  static String key(Schema list, JsonNode item) {
    List<String> keys = list.listMapKeys();
    if (!item.isObject()) {
      String problem = item.isNull() ? "have a null element" : "have non-map elements";
      throw new TypedException("associative list with keys may not " + problem);
    }
    StringBuilder text = new StringBuilder("k:{");
    for (String name : keys.size() == 1 ? keys : keys.stream().sorted().toList()) {
      JsonNode value = keyValue(list, item, name);
      if (value != null) {
        text.append(text.length() > 3 ? "," : "").append('"').append(name).append("\":");
        appendScalar(text, value);
      }
    }
    if (text.length() == 3) {
      throw new TypedException(
          "associative list with keys has an element that omits all key fields "
              + keys.stream().map(Quoted::quote).toList().toString().replace(",", "")
              + " (and doesn't have default values for any key fields)");
    }
    return text.append('}').toString();
  }

  private static JsonNode keyValue(Schema list, JsonNode item, String name) {
    JsonNode value = item.get(name);
    if (value != null) {
      return value;
    }
    Schema.Field field = list.element() == null ? null : list.element().fields().get(name);
    return field == null ? null : field.schema().defaultValue();
  }

  /** The element of an item of a set. */
  static String value(JsonNode item) {
    if (item.isContainerNode() || item.isNull()) {
      throw new TypedException(
          item.isObject()
              ? "associative list without keys has an element that's a map type"
              : item.isArray()
                  ? "not supported: associative list with lists as elements"
                  : "associative list without keys has an element that's an explicit null");
    }
    StringBuilder text = new StringBuilder("v:");
    appendScalar(text, item);
    return text.toString();
  }

  /** As upstream's encoder writes it, which escapes what HTML would read. */
  private static void appendScalar(StringBuilder text, JsonNode value) {
    String json = value.toString();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      switch (c) {
        case '<' -> text.append("\\u003c");
        case '>' -> text.append("\\u003e");
        case '&' -> text.append("\\u0026");
        default -> text.append(c);
      }
    }
  }

  /** The element as messages show it: {@code .name}, {@code [name="x"]}, {@code [="x"]}. */
  static String display(String element) {
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> "." + rest;
      case 'k' -> {
        List<String> parts = new ArrayList<>();
        keys(rest).forEach((name, value) -> parts.add(name + "=" + displayValue(value)));
        yield "[" + String.join(",", parts) + "]";
      }
      case 'v' -> "[=" + displayValue(json(rest)) + "]";
      default -> "[" + rest + "]";
    };
  }

  static String display(List<String> path) {
    return String.join("", path.stream().map(PathElements::display).toList());
  }

  private static String displayValue(JsonNode value) {
    return value.isTextual() ? Quoted.quote(value.textValue()) : value.toString();
  }

  private static Map<String, JsonNode> keys(String json) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    for (Map.Entry<String, JsonNode> key : json(json).properties()) {
      sorted.put(key.getKey(), key.getValue());
    }
    return sorted;
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException("not a path element's value: " + text, e);
    }
  }

  /** Reads a trie of unknown origin, in any spelling. */
  static void readInto(FieldSet.Builder builder, JsonNode node) {
    if (!node.isObject()) {
      throw new IllegalArgumentException("fieldsV1 holds something else than objects");
    }
    for (Map.Entry<String, JsonNode> child : node.properties()) {
      if (child.getKey().equals(FieldSet.SELF)) {
        builder.insert();
        continue;
      }
      String element = canonical(child.getKey());
      if (element == null) {
        continue;
      }
      builder.push(element);
      if (child.getValue().isEmpty()) {
        builder.insert();
      }
      readInto(builder, child.getValue());
      builder.pop();
    }
  }

  /** The element's one spelling; null for a sort that is not known, which is dropped. */
  private static String canonical(String element) {
    if (element.length() < 2 || element.charAt(1) != ':') {
      throw new IllegalArgumentException("missing colon: " + element);
    }
    String rest = element.substring(2);
    return switch (element.charAt(0)) {
      case 'f' -> element;
      case 'i' -> "i:" + Integer.parseInt(rest);
      case 'v' -> value(json(rest));
      case 'k' -> {
        ObjectNode sorted = Json.object();
        keys(rest).forEach(sorted::set);
        StringBuilder text = new StringBuilder("k:");
        appendScalar(text, sorted);
        yield text.toString();
      }
      default -> null;
    };
  }

  private static int compare(String left, String right) {
    if (left.charAt(0) == 'f' && right.charAt(0) == 'f') {
      return left.compareTo(right);
    }
    int sort = sort(left) - sort(right);
    if (sort != 0 || left.equals(right)) {
      return sort;
    }
    return switch (left.charAt(0)) {
      case 'k' -> compareKeys(keys(left.substring(2)), keys(right.substring(2)));
      case 'v' -> compareValues(json(left.substring(2)), json(right.substring(2)));
      case 'i' ->
          Integer.compare(
              Integer.parseInt(left.substring(2)), Integer.parseInt(right.substring(2)));
      default -> left.compareTo(right);
    };
  }

  private static int sort(String element) {
    return "fkvi".indexOf(element.charAt(0));
  }

  private static int compareKeys(Map<String, JsonNode> left, Map<String, JsonNode> right) {
    var others = right.entrySet().iterator();
    for (Map.Entry<String, JsonNode> key : left.entrySet()) {
      if (!others.hasNext()) {
        return 1;
      }
      Map.Entry<String, JsonNode> other = others.next();
      int order = key.getKey().compareTo(other.getKey());
      order = order != 0 ? order : compareValues(key.getValue(), other.getValue());
      if (order != 0) {
        return order;
      }
    }
    return others.hasNext() ? -1 : 0;
  }

  /** Numbers, then strings, then booleans. */
  private static int compareValues(JsonNode left, JsonNode right) {
    if (left.isNumber() && right.isNumber()) {
      return left.decimalValue().compareTo(right.decimalValue());
    }
    if (left.isTextual() && right.isTextual()) {
      return left.textValue().compareTo(right.textValue());
    }
    int sort = Integer.compare(rank(left), rank(right));
    return sort != 0 ? sort : left.toString().compareTo(right.toString());
  }

  private static int rank(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> 0;
      case STRING -> 1;
      case BOOLEAN -> 2;
      case ARRAY -> 3;
      case OBJECT -> 4;
      default -> 5;
    };
  }
}

package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A schema made by hand, for tests of what reads schemas. */
public record TestSchema(
    Type type,
    Map<String, Field> fields,
    Schema element,
    ListType listType,
    List<String> listMapKeys,
    boolean atomic,
    JsonNode defaultValue)
    implements Schema {

  public static final Schema STRING = scalar(Type.STRING);
  public static final Schema INTEGER = scalar(Type.INTEGER);
  public static final Schema ANY = scalar(Type.ANY);

  private static TestSchema scalar(Type type) {
    return new TestSchema(type, Map.of(), null, ListType.ATOMIC, List.of(), false, null);
  }

  public static TestSchema object() {
    return new TestSchema(
        Type.OBJECT, new LinkedHashMap<>(), null, ListType.ATOMIC, List.of(), false, null);
  }

  public static TestSchema map(Schema element) {
    return new TestSchema(Type.MAP, Map.of(), element, ListType.ATOMIC, List.of(), false, null);
  }

  public static TestSchema list(Schema element, ListType listType, String... keys) {
    return new TestSchema(Type.LIST, Map.of(), element, listType, List.of(keys), false, null);
  }

  public TestSchema asAtomic() {
    return new TestSchema(type, fields, element, listType, listMapKeys, true, defaultValue);
  }

  public TestSchema withDefault(JsonNode value) {
    return new TestSchema(type, fields, element, listType, listMapKeys, atomic, value);
  }

  public TestSchema with(String name, Schema schema) {
    return with(name, schema, "");
  }

  public TestSchema with(String name, Schema schema, String mergeKey, String... strategies) {
    fields.put(
        name, new Field(name, schema, false, 0, new FieldMerge(mergeKey, List.of(strategies))));
    return this;
  }

  @Override
  public String format() {
    return "";
  }

  @Override
  public String definition() {
    return "";
  }

  @Override
  public List<String> enumValues() {
    return List.of();
  }

  @Override
  public boolean preservesUnknownFields() {
    return false;
  }

  @Override
  public boolean nullable() {
    return false;
  }
}

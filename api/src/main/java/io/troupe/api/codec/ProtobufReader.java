package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.troupe.api.codec.MessageLayout.Slot;
import io.troupe.api.kinds.Schema.Presence;
import io.troupe.api.object.Json;
import io.troupe.api.quantity.Quantity;
import java.io.IOException;
import java.util.Base64;

/** Reads one message into the JSON that upstream would write for it. */
final class ProtobufReader {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** Messages within messages; a JSON schema of a CRD is the deepest that is real. */
  private static final int DEPTH_MAX = 300;

  /** Values of one body; an empty message takes two bytes and may become many values. */
  private static final int VALUES_MAX = 1_000_000;

  private final Layouts layouts;
  private final CodedInputStream in;
  private int depth;
  private int values;

  ProtobufReader(Layouts layouts, byte[] bytes) {
    this.layouts = layouts;
    this.in = CodedInputStream.newInstance(bytes);
  }

  ObjectNode message(MessageLayout layout) throws IOException {
    ObjectNode object = NODES.objectNode();
    fields(layout, object);
    return object;
  }

  private void fields(MessageLayout layout, ObjectNode object) throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      Slot slot = layout.numbered(number);
      MessageLayout inner = layout.embedded().get(number);
      if (slot != null) {
        field(slot, object, WireFormat.getTagWireType(tag));
      } else if (inner != null) {
        int outer = open(WireFormat.getTagWireType(tag));
        fields(inner, object);
        close(outer);
      } else {
        in.skipField(tag);
      }
    }
    layout.embedded().values().forEach(inner -> complete(inner, object));
    complete(layout, object);
  }

  /** Leaves out what is empty, and puts in what is always written. */
  private void complete(MessageLayout layout, ObjectNode object) {
    for (Slot slot : layout.slots()) {
      JsonNode value = object.get(slot.name());
      if (slot.presence() == Presence.ALWAYS_WRITTEN && value == null) {
        object.set(slot.name(), zero(slot.type()));
      } else if (slot.presence() == Presence.OMITTED_WHEN_EMPTY && value != null) {
        if (isEmpty(value)) {
          object.remove(slot.name());
        }
      }
    }
  }

  private static boolean isEmpty(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> value.textValue().isEmpty();
      case NUMBER -> value.doubleValue() == 0;
      case BOOLEAN -> !value.booleanValue();
      case ARRAY, OBJECT -> value.isEmpty();
      default -> value.isNull();
    };
  }

  private JsonNode zero(WireType type) {
    count();
    return switch (type.kind()) {
      case STRING -> NODES.textNode("");
      case BOOL -> NODES.booleanNode(false);
      case INT32, INT64, DOUBLE, INT_OR_STRING -> NODES.numberNode(0);
      case QUANTITY -> NODES.textNode("0");
      case MESSAGE -> {
        ObjectNode empty = NODES.objectNode();
        MessageLayout layout = layouts.of(type.message());
        layout.embedded().values().forEach(inner -> complete(inner, empty));
        complete(layout, empty);
        yield empty;
      }
      case BYTES,
          TIME,
          MICRO_TIME,
          RAW,
          SCHEMA_OR_ARRAY,
          SCHEMA_OR_BOOL,
          SCHEMA_OR_STRINGS,
          REPEATED,
          WRAPPED_LIST,
          MAP ->
          NODES.nullNode();
    };
  }

  private void field(Slot slot, ObjectNode object, int wire) throws IOException {
    switch (slot.type().kind()) {
      case REPEATED -> item(arrayAt(object, slot.name()), slot.type().element(), wire);
      case MAP -> entry(objectAt(object, slot.name()), slot.type().element(), wire);
      default -> object.set(slot.name(), value(slot.type(), wire));
    }
  }

  private static ArrayNode arrayAt(ObjectNode object, String name) {
    return object.get(name) instanceof ArrayNode array ? array : object.putArray(name);
  }

  private static ObjectNode objectAt(ObjectNode object, String name) {
    return object.get(name) instanceof ObjectNode inner ? inner : object.putObject(name);
  }

  /** Numbers may be packed: many in one field. */
  private void item(ArrayNode array, WireType element, int wire) throws IOException {
    boolean number =
        switch (element.kind()) {
          case BOOL, INT32, INT64, DOUBLE -> true;
          default -> false;
        };
    if (!number || wire != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
      array.add(value(element, wire));
      return;
    }
    int outer = open(wire);
    int each =
        element.kind() == WireType.Kind.DOUBLE
            ? WireFormat.WIRETYPE_FIXED64
            : WireFormat.WIRETYPE_VARINT;
    while (!in.isAtEnd()) {
      array.add(value(element, each));
    }
    close(outer);
  }

  private void entry(ObjectNode map, WireType element, int wire) throws IOException {
    int outer = open(wire);
    String key = "";
    JsonNode value = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> key = in.readStringRequireUtf8();
        case 2 -> value = value(element, WireFormat.getTagWireType(tag));
        default -> in.skipField(tag);
      }
    }
    close(outer);
    map.set(key, value == null ? emptyEntry(element) : value);
  }

  private JsonNode emptyEntry(WireType element) {
    return element.kind() == WireType.Kind.BYTES ? NODES.textNode("") : zero(element);
  }

  private JsonNode value(WireType type, int wire) throws IOException {
    count();
    return switch (type.kind()) {
      case STRING -> {
        expect(wire, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        yield NODES.textNode(in.readStringRequireUtf8());
      }
      case BYTES -> {
        expect(wire, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        yield NODES.textNode(Base64.getEncoder().encodeToString(in.readByteArray()));
      }
      case BOOL -> {
        expect(wire, WireFormat.WIRETYPE_VARINT);
        yield NODES.booleanNode(in.readBool());
      }
      case INT32 -> {
        expect(wire, WireFormat.WIRETYPE_VARINT);
        yield NODES.numberNode(in.readInt32());
      }
      case INT64 -> {
        expect(wire, WireFormat.WIRETYPE_VARINT);
        yield integer(in.readInt64());
      }
      case DOUBLE -> {
        expect(wire, WireFormat.WIRETYPE_FIXED64);
        yield number(in.readDouble());
      }
      default -> {
        int outer = open(wire);
        JsonNode inner = inner(type);
        close(outer);
        yield inner;
      }
    };
  }

  /** The contents of a value that is a message. */
  private JsonNode inner(WireType type) throws IOException {
    return switch (type.kind()) {
      case MESSAGE -> message(layouts.of(type.message()));
      case TIME -> timestamp(false);
      case MICRO_TIME -> timestamp(true);
      case QUANTITY -> quantity();
      case INT_OR_STRING -> intOrString();
      case RAW -> raw();
      case WRAPPED_LIST -> wrappedList(type.element());
      case SCHEMA_OR_BOOL, SCHEMA_OR_ARRAY, SCHEMA_OR_STRINGS -> schemaOr(type);
      default -> throw new IllegalStateException("no message: " + type.kind());
    };
  }

  private JsonNode timestamp(boolean micros) throws IOException {
    long seconds = 0;
    int nanos = 0;
    boolean any = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      any = true;
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> seconds = in.readInt64();
        case 2 -> nanos = in.readInt32();
        default -> in.skipField(tag);
      }
    }
    return any ? NODES.textNode(Times.format(seconds, nanos, micros)) : NODES.nullNode();
  }

  private JsonNode quantity() throws IOException {
    String text = "0";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        text = in.readStringRequireUtf8();
      } else {
        in.skipField(tag);
      }
    }
    return NODES.textNode(Quantity.parse(text).toString());
  }

  private JsonNode intOrString() throws IOException {
    long type = 0;
    int number = 0;
    String text = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> type = in.readInt64();
        case 2 -> number = in.readInt32();
        case 3 -> text = in.readStringRequireUtf8();
        default -> in.skipField(tag);
      }
    }
    return type == 0 ? NODES.numberNode(number) : NODES.textNode(text);
  }

  private JsonNode raw() throws IOException {
    byte[] json = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        json = in.readByteArray();
      } else {
        in.skipField(tag);
      }
    }
    return json.length == 0 ? NODES.nullNode() : Json.MAPPER.readTree(json);
  }

  private ArrayNode wrappedList(WireType element) throws IOException {
    ArrayNode array = NODES.arrayNode();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (WireFormat.getTagFieldNumber(tag) == 1) {
        item(array, element, WireFormat.getTagWireType(tag));
      } else {
        in.skipField(tag);
      }
    }
    return array;
  }

  /** A JSON schema, or instead of it a boolean, several schemas, or names of properties. */
  private JsonNode schemaOr(WireType type) throws IOException {
    SchemaOr numbers = SchemaOr.of(type.kind());
    JsonNode schema = null;
    boolean allows = false;
    ArrayNode list = NODES.arrayNode();
    WireType props = new WireType(WireType.Kind.MESSAGE, null, type.message());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int number = WireFormat.getTagFieldNumber(tag);
      if (number == numbers.schema()) {
        schema = value(props, WireFormat.getTagWireType(tag));
      } else if (number == numbers.other()) {
        switch (type.kind()) {
          case SCHEMA_OR_BOOL -> allows = in.readBool();
          case SCHEMA_OR_ARRAY -> list.add(value(props, WireFormat.getTagWireType(tag)));
          default -> list.add(in.readStringRequireUtf8());
        }
      } else {
        in.skipField(tag);
      }
    }
    if (type.kind() == WireType.Kind.SCHEMA_OR_BOOL) {
      return schema == null ? NODES.booleanNode(allows) : schema;
    }
    return !list.isEmpty() ? list : schema == null ? NODES.nullNode() : schema;
  }

  private int open(int wire) throws IOException {
    expect(wire, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    if (++depth > DEPTH_MAX) {
      throw new InvalidProtocolBufferException("messages are nested too deeply");
    }
    return in.pushLimit(in.readRawVarint32());
  }

  private void close(int outer) throws IOException {
    in.checkLastTagWas(0);
    in.popLimit(outer);
    depth--;
  }

  private static void expect(int wire, int expected) throws IOException {
    if (wire != expected) {
      throw new InvalidProtocolBufferException("wrong wireType = " + wire);
    }
  }

  private void count() {
    if (++values > VALUES_MAX) {
      throw new IllegalArgumentException("the message holds too many values");
    }
  }

  /** As parsing JSON would make it, so that trees of both origins are equal. */
  static JsonNode integer(long value) {
    return value == (int) value ? NODES.numberNode((int) value) : NODES.numberNode(value);
  }

  private static JsonNode number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? integer((long) value)
        : NODES.numberNode(java.math.BigDecimal.valueOf(value));
  }
}

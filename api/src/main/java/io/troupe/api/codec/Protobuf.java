package io.troupe.api.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.troupe.api.kinds.Schema;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * {@code application/vnd.kubernetes.protobuf}: the magic {@code k8s\0}, an envelope that names the
 * type ({@code runtime.Unknown}), and the object's message in it. Safe for use from many threads.
 */
public final class Protobuf {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  /** The media type of watches, whose frames {@link #frame} makes. */
  public static final String WATCH_MEDIA_TYPE = MEDIA_TYPE + ";stream=watch";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private final Layouts layouts = new Layouts();
  private final BiFunction<String, String, Optional<Schema>> schemas;

  /**
   * Makes a codec.
   *
   * @param schemas of bodies by apiVersion and kind, lists, {@code Status} and options included:
   *     {@code new FactKinds()::body}
   */
  public Protobuf(BiFunction<String, String, Optional<Schema>> schemas) {
    this.schemas = schemas;
  }

  /** Whether the bytes begin as this encoding does. */
  public static boolean isProtobuf(byte[] body) {
    return body.length >= MAGIC.length && Arrays.equals(body, 0, 4, MAGIC, 0, 4);
  }

  /** Whether objects of the type can be written so; those of CRDs, and Tables, cannot. */
  public boolean knows(String apiVersion, String kind) {
    return schemas.apply(apiVersion, kind).isPresent();
  }

  private record Envelope(String apiVersion, String kind, byte[] message) {}

  /**
   * Reads an object.
   *
   * @param apiVersion what is meant when the envelope does not say
   * @param kind what is meant when the envelope does not say
   * @return the object as upstream would write it in JSON
   * @throws RefusedException 400
   */
  public ObjectNode decode(byte[] body, String apiVersion, String kind) {
    if (!isProtobuf(body)) {
      throw refused(
          "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
    }
    try {
      Envelope envelope = open(body);
      String version = envelope.apiVersion().isEmpty() ? apiVersion : envelope.apiVersion();
      String name = envelope.kind().isEmpty() ? kind : envelope.kind();
      Schema schema =
          schemas
              .apply(version, name)
              .orElseThrow(
                  () ->
                      refused(
                          "no kind \""
                              + name
                              + "\" is registered for version \""
                              + version
                              + "\""));
      ObjectNode object = Json.object();
      object.put("kind", name).put("apiVersion", version);
      return object.setAll(
          new ProtobufReader(layouts, envelope.message()).message(layouts.of(schema)));
    } catch (IOException | IllegalArgumentException e) {
      throw refused("the protobuf body cannot be decoded: " + e.getMessage());
    }
  }

  private static Envelope open(byte[] body) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(body, 4, body.length - 4);
    String[] type = {"", ""};
    byte[] message = {};
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case 1 -> {
          int outer = in.pushLimit(in.readRawVarint32());
          for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(inner);
            if (number == 1 || number == 2) {
              type[number - 1] = in.readStringRequireUtf8();
            } else {
              in.skipField(inner);
            }
          }
          in.popLimit(outer);
        }
        case 2 -> message = in.readByteArray();
        default -> in.skipField(tag);
      }
    }
    return new Envelope(type[0], type[1], message);
  }

  private static RefusedException refused(String message) {
    return new RefusedException(Refusal.badRequest(message));
  }

  /**
   * Writes an object with its envelope.
   *
   * @throws IllegalArgumentException when its type has no protobuf form
   */
  public byte[] encode(JsonNode object) {
    String apiVersion = Json.text(object, "apiVersion");
    String kind = Json.text(object, "kind");
    ProtobufWriter writer = new ProtobufWriter(layouts);
    writer.message(object, layouts.of(schema(apiVersion, kind)));
    return enveloped(writer.buffer(), apiVersion, kind);
  }

  /** Writes an object without envelope, as an item of {@link #encodeList}. */
  public byte[] encodeItem(JsonNode object, Schema schema) {
    ProtobufWriter writer = new ProtobufWriter(layouts);
    writer.message(object, layouts.of(schema));
    return writer.buffer().toByteArray();
  }

  /**
   * Writes a list with its envelope.
   *
   * @param kind of the list, for example {@code PodList}
   * @param metadata of the list
   * @param items as {@link #encodeItem} wrote them
   */
  public byte[] encodeList(String apiVersion, String kind, JsonNode metadata, List<byte[]> items) {
    ProtobufWriter writer = new ProtobufWriter(layouts);
    BackwardBuffer out = writer.buffer();
    for (int i = items.size() - 1; i >= 0; i--) {
      out.bytes(2, items.get(i));
    }
    ObjectNode head = Json.object();
    head.set("metadata", metadata);
    writer.message(head, layouts.of(schema(apiVersion, kind)));
    return enveloped(out, apiVersion, kind);
  }

  private Schema schema(String apiVersion, String kind) {
    return schemas
        .apply(apiVersion, kind)
        .orElseThrow(
            () -> new IllegalArgumentException("no protobuf form: " + apiVersion + " " + kind));
  }

  private static byte[] enveloped(BackwardBuffer out, String apiVersion, String kind) {
    out.close(2, 0);
    int before = out.length();
    out.text(2, kind);
    out.text(1, apiVersion);
    out.close(1, before);
    out.raw(MAGIC);
    return out.toByteArray();
  }

  /**
   * A watch event as a frame of a protobuf watch: four bytes of length, the most significant first,
   * and a {@code WatchEvent} without envelope around an object with one.
   *
   * @param object as {@link #encode} wrote it
   */
  public static byte[] frame(String type, byte[] object) {
    BackwardBuffer out = new BackwardBuffer();
    out.bytes(1, object);
    out.close(2, 0);
    out.bytes(1, type.getBytes(StandardCharsets.UTF_8));
    byte[] event = out.toByteArray();
    return ByteBuffer.allocate(4 + event.length).putInt(event.length).put(event).array();
  }
}

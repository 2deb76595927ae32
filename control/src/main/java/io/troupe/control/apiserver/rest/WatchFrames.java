package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.CachedObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Watch events as bytes, encoded once for all watchers that see the same kind in the same form.
 * Remembers the events of the newest revisions.
 */
final class WatchFrames {
  private static final int SLOTS = 2048;
  private static final byte[] END = ascii("}\n");
  private static final Map<String, byte[]> BEGINNINGS =
      Map.of(
          "ADDED", begin("ADDED"),
          "MODIFIED", begin("MODIFIED"),
          "DELETED", begin("DELETED"),
          "BOOKMARK", begin("BOOKMARK"));

  /** What a watcher sees of a kind; watchers with equal views get the same bytes. */
  record View(Kind kind, Form form, String includeObject) {
    boolean sameAs(View other) {
      return kind.resource().equals(other.kind.resource())
          && form.equals(other.form)
          && includeObject.equals(other.includeObject);
    }
  }

  private record Frame(View view, String type, byte[] bytes, Frame next) {}

  /** The encoded events of one revision. */
  private static final class Slot {
    private final long revision;
    private Frame first;

    Slot(long revision) {
      this.revision = revision;
    }

    synchronized byte[] find(View view, String type) {
      for (Frame frame = first; frame != null; frame = frame.next) {
        if (frame.type.equals(type) && frame.view.sameAs(view)) {
          return frame.bytes;
        }
      }
      return null;
    }

    synchronized void add(View view, String type, byte[] bytes) {
      first = new Frame(view, type, bytes, first);
    }
  }

  private final KindRules rules;
  private final Encoder encoder;
  private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS);

  WatchFrames(KindRules rules, Encoder encoder) {
    this.rules = rules;
    this.encoder = encoder;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] begin(String type) {
    return ascii("{\"type\":\"" + type + "\",\"object\":");
  }

  /** An event around stored bytes, which are not copied. */
  static ByteBuf plain(String type, CachedObject object) {
    return Unpooled.wrappedBuffer(BEGINNINGS.get(type), object.json(), END);
  }

  /** An event in a form that must be encoded; the object's revision names the event. */
  byte[] of(View view, String type, CachedObject object) {
    int at = (int) (object.revision() % SLOTS);
    Slot slot = slots.get(at);
    if (slot == null || slot.revision < object.revision()) {
      slots.compareAndSet(at, slot, new Slot(object.revision()));
      slot = slots.get(at);
    }
    if (slot.revision != object.revision()) {
      return encode(view, type, object);
    }
    byte[] known = slot.find(view, type);
    if (known == null) {
      known = encode(view, type, object);
      slot.add(view, type, known);
    }
    return known;
  }

  private byte[] encode(View view, String type, CachedObject object) {
    ObjectNode tree = rules.toRequested(view.kind(), object.tree());
    ObjectNode shown =
        encoder.shaped(
            view.kind(), tree, view.form(), System.currentTimeMillis(), view.includeObject());
    return event(view.form(), type, shown);
  }

  byte[] event(Form form, String type, ObjectNode shown) {
    return switch (form.media()) {
      case JSON -> joined(BEGINNINGS.get(type), Json.bytes(shown), END);
      case YAML -> {
        ObjectNode event = Json.object().put("type", type);
        event.set("object", shown);
        yield joined(ascii("---\n"), Encoder.yaml(event), new byte[0]);
      }
      case PROTOBUF -> {
        byte[] message = ProtobufFrames.event(type, encoder.bytes(shown, form));
        byte[] length = ByteBuffer.allocate(4).putInt(message.length).array();
        yield joined(length, message, new byte[0]);
      }
    };
  }

  private static byte[] joined(byte[] head, byte[] body, byte[] tail) {
    byte[] all = new byte[head.length + body.length + tail.length];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(body, 0, all, head.length, body.length);
    System.arraycopy(tail, 0, all, head.length + body.length, tail.length);
    return all;
  }
}

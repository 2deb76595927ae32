package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.codec.Protobuf;
import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Json;
import io.troupe.control.apiserver.http.Format;
import io.troupe.control.apiserver.rest.Rendering.Form;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Watch events as bytes, encoded once for all watchers that see the same kind in the same form.
 * Remembers the events of the newest revisions.
 */
final class WatchFrames {
  private static final int SLOTS = 1024;
  private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

  /** The encoded events of one revision. */
  private static final class Slot {
    private final long revision;
    private Frame first;

    Slot(long revision) {
      this.revision = revision;
    }

    synchronized byte[] find(Kind kind, Form form, String type) {
      for (Frame frame = first; frame != null; frame = frame.next) {
        if (frame.type.equals(type)
            && frame.kind.resource().equals(kind.resource())
            && frame.form.equals(form)) {
          return frame.bytes;
        }
      }
      return null;
    }

    synchronized void add(Kind kind, Form form, String type, byte[] bytes) {
      first = new Frame(kind, form, type, bytes, first);
    }
  }

  private record Frame(Kind kind, Form form, String type, byte[] bytes, Frame next) {}

  private final Rendering rendering;
  private final AtomicReferenceArray<Slot> slots = new AtomicReferenceArray<>(SLOTS);

  WatchFrames(Rendering rendering) {
    this.rendering = rendering;
  }

  /** The event that a change is for a watcher with this selection; null for none. */
  byte[] of(Kind kind, Form form, Selection selection, CachedChange change) {
    boolean before = change.before() != null && selection.matches(change.before());
    boolean after = change.after() != null && selection.matches(change.after());
    if (after) {
      String type = before ? "MODIFIED" : "ADDED";
      return shared(kind, form, type, change.after(), change.revision());
    }
    if (!before) {
      return null;
    }
    CachedObject last = change.last() != null ? change.last() : leaving(change);
    return shared(kind, form, "DELETED", last, change.revision());
  }

  /** An object that no longer matches is shown as it was, at the revision of the change. */
  private static CachedObject leaving(CachedChange change) {
    ObjectNode last = change.before().tree().deepCopy();
    Json.ensure(last, "metadata").put("resourceVersion", Long.toString(change.revision()));
    return new CachedObject(change.before().key(), change.revision(), Json.bytes(last));
  }

  private byte[] shared(
      Kind kind, Form form, String type, CachedObject object, long revision) {
    int at = (int) (revision % SLOTS);
    Slot slot = slots.get(at);
    if (slot == null || slot.revision < revision) {
      slots.compareAndSet(at, slot, new Slot(revision));
      slot = slots.get(at);
    }
    if (slot.revision != revision) {
      return frame(kind, form, type, object);
    }
    byte[] known = slot.find(kind, form, type);
    if (known == null) {
      known = frame(kind, form, type, object);
      slot.add(kind, form, type, known);
    }
    return known;
  }

  byte[] frame(Kind kind, Form form, String type, CachedObject object) {
    return Rendering.isVerbatim(kind, form)
        ? json(type, object.json())
        : frame(form, type, rendering.shown(kind, object.tree(), form));
  }

  byte[] bookmark(Kind kind, Form form, long revision, boolean initialEventsEnd) {
    return frame(form, "BOOKMARK", rendering.bookmark(kind, revision, initialEventsEnd, form));
  }

  private byte[] frame(Form form, String type, ObjectNode object) {
    if (form.format() == Format.PROTOBUF) {
      return Protobuf.frame(type, rendering.encode(object, form));
    }
    return json(type, Json.bytes(object));
  }

  private static byte[] json(String type, byte[] object) {
    byte[] head = ("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[head.length + object.length + END.length];
    System.arraycopy(head, 0, frame, 0, head.length);
    System.arraycopy(object, 0, frame, head.length, object.length);
    System.arraycopy(END, 0, frame, head.length + object.length, END.length);
    return frame;
  }
}

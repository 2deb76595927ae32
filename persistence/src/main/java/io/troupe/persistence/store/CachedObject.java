package io.troupe.persistence.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.ObjectKey;
import java.lang.ref.SoftReference;

/**
 * An object at a revision, once in memory for everybody: its JSON as the API serves it,
 * resourceVersion included.
 *
 * <p>The JSON begins with apiVersion, kind and metadata, in this order. The parsed tree is made on
 * demand and may be dropped under memory pressure. Neither bytes nor tree may be changed.
 */
public final class CachedObject {
  private final ObjectKey key;
  private final long revision;
  private final byte[] json;
  private volatile SoftReference<ObjectNode> tree;

  public CachedObject(ObjectKey key, long revision, byte[] json) {
    this.key = key;
    this.revision = revision;
    this.json = json;
  }

  /** With the tree that the JSON was written from, to spare the first reader the parsing. */
  public CachedObject(ObjectKey key, long revision, byte[] json, ObjectNode tree) {
    this(key, revision, json);
    this.tree = new SoftReference<>(tree);
  }

  public ObjectKey key() {
    return key;
  }

  public long revision() {
    return revision;
  }

  /** UTF-8 JSON; shared, never to be changed. */
  public byte[] json() {
    return json;
  }

  /** The parsed JSON; shared, never to be changed. */
  public ObjectNode tree() {
    SoftReference<ObjectNode> held = tree;
    ObjectNode parsed = held == null ? null : held.get();
    if (parsed == null) {
      parsed = Json.parse(json);
      tree = new SoftReference<>(parsed);
    }
    return parsed;
  }
}

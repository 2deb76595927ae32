package io.troupe.persistence.entity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.journal.JournalEvent;
import io.troupe.persistence.journal.JournalFailure;
import io.troupe.persistence.journal.JournalRow;
import io.troupe.persistence.store.CachedObject;

/**
 * The one event of an object: what it is after the change, and the fact of the change. It is also
 * the actor's state: the newest event is the object.
 *
 * <p>Written by the actor until it persists, by the journal's writer until the persist completes,
 * then only read.
 */
public final class ObjectChanged implements JournalEvent {
  private final ObjectKey key;
  private final boolean removed;
  private byte[] payload;
  private ObjectNode tree;
  private CachedObject object;
  private JournalFailure failure;

  private ObjectChanged(ObjectKey key, boolean removed) {
    this.key = key;
    this.removed = removed;
  }

  /** A change that is about to be persisted. */
  static ObjectChanged of(ObjectKey key, boolean removed, byte[] payload, ObjectNode tree) {
    var changed = new ObjectChanged(key, removed);
    changed.payload = payload;
    changed.tree = tree;
    return changed;
  }

  /** A change as the journal or the cache has it. */
  public static ObjectChanged committed(boolean removed, CachedObject object) {
    var changed = new ObjectChanged(object.key(), removed);
    changed.object = object;
    return changed;
  }

  /** Reads a row. */
  public static ObjectChanged of(JournalRow row) {
    ObjectKey key = ObjectKey.parse(row.persistenceId());
    byte[] json = ChangeFormat.served(row.payload(), row.revision());
    return committed(row.isRemoval(), new CachedObject(key, row.revision(), json));
  }

  public boolean isRemoved() {
    return removed;
  }

  /** The object after the change, its last form when it was removed; null before the commit. */
  public CachedObject object() {
    return object;
  }

  /** Why the change was not, or may not have been, committed; null when it was. */
  JournalFailure failure() {
    return failure;
  }

  @Override
  public String manifest() {
    return removed ? JournalRow.REMOVED : JournalRow.OBJECT;
  }

  @Override
  public byte[] payload() {
    return payload;
  }

  @Override
  public void committed(long revision) {
    byte[] json = ChangeFormat.served(payload, revision);
    object = new CachedObject(key, revision, json, ChangeFormat.withRevision(tree, revision));
    payload = null;
    tree = null;
  }

  @Override
  public void failed(JournalFailure why) {
    failure = why;
    payload = null;
    tree = null;
  }
}

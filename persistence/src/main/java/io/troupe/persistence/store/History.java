package io.troupe.persistence.store;

import io.troupe.api.object.GroupResource;
import io.troupe.api.object.ObjectKey;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The journal, read as history. */
public interface History {

  /**
   * One change with the fact of it.
   *
   * @param sequence the object's own number of the change, from 1
   * @param verb {@code create}, {@code update}, {@code patch} or {@code delete}
   * @param before JSON before, null for a creation; {@code after} null for a removal
   */
  record Entry(
      long revision,
      ObjectKey key,
      long sequence,
      String verb,
      String subresource,
      String user,
      String userAgent,
      String fieldManager,
      String requestId,
      long timeMillis,
      byte[] before,
      byte[] after) {}

  /**
   * Which entries.
   *
   * @param type null for all
   * @param namespace null for all
   * @param name null for all
   * @param user null for all
   * @param sinceMillis 0 for all
   * @param limit newest entries when there are more; 0 for all
   */
  record Query(
      GroupResource type,
      String namespace,
      String name,
      String user,
      long sinceMillis,
      long afterRevision,
      int limit) {}

  /** Entries in order of revision, given one by one. */
  void entries(Query query, Consumer<Entry> onEntry);

  /** The object as it was at the revision. */
  CompletionStage<Optional<CachedObject>> objectAt(ObjectKey key, long revision);

  /** The newest revision at or before the moment, 0 when there is none. */
  long revisionAt(long timeMillis);

  /** Checks the hash chain; empty when it holds, else what is wrong with the first bad row. */
  Optional<String> verify();
}

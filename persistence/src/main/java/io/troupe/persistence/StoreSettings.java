package io.troupe.persistence;

import io.troupe.api.object.GroupResource;
import io.troupe.persistence.journal.Database;
import java.time.Duration;
import java.util.Map;

/**
 * What a store needs to know.
 *
 * @param database where the journal is
 * @param soleWriter true only when nobody but this JVM can write this journal: the database is
 *     embedded, this JVM holds its directory's lock, and no other member gets its address. Then
 *     what this JVM has committed is all there is, and neither linearizable reads nor waking actors
 *     ask the database.
 * @param readConnectionsMax connections besides the writer's
 * @param inFlightMax writes of this JVM that may wait for their commit; more are refused with 503
 * @param retention how long replaced forms of an object are kept, for the kinds that are not kept
 *     for ever
 */
public record StoreSettings(
    Database database,
    boolean soleWriter,
    int readConnectionsMax,
    int inFlightMax,
    Map<GroupResource, Duration> retention) {

  /** Kinds whose every heartbeat would be history. */
  public static final Map<GroupResource, Duration> SHORT_LIVED =
      Map.of(
          new GroupResource("coordination.k8s.io", "leases"), Duration.ofMinutes(10),
          new GroupResource("", "events"), Duration.ofHours(2));

  public StoreSettings {
    retention = Map.copyOf(retention);
  }

  public static StoreSettings of(Database database, boolean soleWriter) {
    return new StoreSettings(database, soleWriter, 6, 4096, SHORT_LIVED);
  }
}

package io.troupe.persistence;

import io.troupe.persistence.journal.Database;

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
 */
public record StoreSettings(
    Database database, boolean soleWriter, int readConnectionsMax, int inFlightMax) {
  public static StoreSettings of(Database database, boolean soleWriter) {
    return new StoreSettings(database, soleWriter, 6, 4096);
  }
}

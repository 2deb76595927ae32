/**
 * The journal in PostgreSQL: one row per change, revisions in commit order, a hash chain over
 * committed batches.
 *
 * <p>{@link io.troupe.persistence.journal.JournalWriter} commits whatever is waiting as one insert
 * and hands out revisions; {@link io.troupe.persistence.journal.JournalReader} reads; {@link
 * io.troupe.persistence.journal.ActorJournal} and {@link
 * io.troupe.persistence.journal.ActorJournalDao} put both under Pekko Persistence. The order lock
 * and the chain are triggers of the schema. Left out: the plugin's own queries and snapshots (an
 * event is a full image, so the newest row is the state).
 */
package io.troupe.persistence.journal;

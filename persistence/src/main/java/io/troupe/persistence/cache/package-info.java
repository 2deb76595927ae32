/**
 * The watch cache: every object of the cluster in this JVM's memory, in commit order.
 *
 * <p>{@link io.troupe.persistence.cache.LiveCache} is fed with the groups that this JVM commits,
 * without a read, and by {@link io.troupe.persistence.cache.JournalFollower} with everything else:
 * a group whose first revision does not follow the cache's last one shows a gap, and gaps are read
 * from the journal. {@link io.troupe.persistence.cache.TypeTable} holds one type: a persistent
 * sorted map, so that a snapshot is a pointer, and the recent changes. A watch reads from there
 * while it is near, else from the journal.
 */
package io.troupe.persistence.cache;

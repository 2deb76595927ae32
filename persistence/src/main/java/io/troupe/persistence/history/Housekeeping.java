package io.troupe.persistence.history;

import io.troupe.api.object.GroupResource;
import io.troupe.persistence.journal.JournalArchive;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Now and then writes a checkpoint, and removes old rows of the kinds that are not kept for ever.
 * Every member does; whoever comes second finds nothing to do.
 */
public final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVERY = Duration.ofMinutes(5);

  private static final long CHECKPOINT_REVISIONS_MIN = 50_000;

  /** A watch that resumes within this time still learns of a deletion. */
  private static final Duration REMOVED_KEPT = Duration.ofDays(1);

  private final JournalArchive archive;
  private final Map<GroupResource, Duration> kept;
  private final Clock clock;
  private final Thread thread;

  public Housekeeping(JournalArchive archive, Map<GroupResource, Duration> kept, Clock clock) {
    this.archive = archive;
    this.kept = kept;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("journal-housekeeping").start(this::run);
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(EVERY);
        checkpoint();
        kept.forEach(this::retire);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void checkpoint() {
    try {
      long revision = archive.checkpoint(CHECKPOINT_REVISIONS_MIN);
      if (revision > 0) {
        LOG.info("checkpoint at revision {}", revision);
      }
    } catch (SQLException e) {
      LOG.warn("no checkpoint was written: {}", e.getMessage());
    }
  }

  private void retire(GroupResource type, Duration keep) {
    long now = clock.millis();
    try {
      int rows =
          archive.retire(type.toString(), now - keep.toMillis(), now - REMOVED_KEPT.toMillis());
      LOG.debug("{} old rows of {} removed", rows, type);
    } catch (SQLException e) {
      LOG.warn("old rows of {} were not removed: {}", type, e.getMessage());
    }
  }
}

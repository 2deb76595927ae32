package io.troupe.persistence.journal;

import com.typesafe.config.Config;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.jdbc.journal.JdbcAsyncWriteJournal;
import scala.Function1;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/**
 * The plugin's journal actor, replaying without a stream per recovery: an object's replay is one
 * event that is at hand already.
 */
public final class ActorJournal extends JdbcAsyncWriteJournal {
  private static final Executor BLOCKING = Executors.newVirtualThreadPerTaskExecutor();

  public ActorJournal(Config config) {
    super(config);
  }

  @Override
  public Future<BoxedUnit> asyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Function1<PersistentRepr, BoxedUnit> recoveryCallback) {
    var dao = (ActorJournalDao) journalDao();
    if (persistenceId.startsWith(ActorJournalDao.LEDGER_PREFIX)) {
      return FutureConverters.asScala(
          CompletableFuture.supplyAsync(
              () -> replay(dao, persistenceId, recoveryCallback), BLOCKING));
    }
    return Future.successful(replay(dao, persistenceId, recoveryCallback));
  }

  private static BoxedUnit replay(
      ActorJournalDao dao,
      String persistenceId,
      Function1<PersistentRepr, BoxedUnit> recoveryCallback) {
    try {
      dao.replay(persistenceId).forEach(recoveryCallback::apply);
      return BoxedUnit.UNIT;
    } catch (java.sql.SQLException e) {
      throw new JournalFailure(JournalFailure.Kind.UNAVAILABLE, e.getMessage(), e);
    }
  }
}

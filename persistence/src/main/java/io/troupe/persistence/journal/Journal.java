package io.troupe.persistence.journal;

import java.util.function.Function;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * What the journal plugin of one actor system works with; set once, before the first persistent
 * actor starts.
 */
public final class Journal implements Extension {

  /** What this JVM may know about an entity without asking the database. */
  public interface Memory {
    /** A memory that knows nothing. */
    Memory NONE = id -> null;

    /**
     * The newest event of the persistence id: {@link Known#NEW} when it certainly has none, null
     * when the database must be asked.
     */
    Known recall(String persistenceId);
  }

  /** A remembered entity; sequence 0 and no event when it is new. */
  public record Known(long sequence, Object event) {
    public static final Known NEW = new Known(0, null);
  }

  /** The parts. {@code decoder} makes events of rows. */
  public record Parts(
      JournalWriter writer,
      JournalReader reader,
      Function<JournalRow, Object> decoder,
      Memory memory) {}

  private static final Id ID = new Id();

  private volatile Parts parts;

  private Journal() {}

  public static Journal of(ClassicActorSystemProvider system) {
    return ID.get(system);
  }

  public void use(Parts chosen) {
    parts = chosen;
  }

  Parts parts() {
    Parts chosen = parts;
    if (chosen == null) {
      throw new IllegalStateException("the store of this actor system is not open");
    }
    return chosen;
  }

  private static final class Id extends AbstractExtensionId<Journal> {
    @Override
    public Journal createExtension(ExtendedActorSystem system) {
      return new Journal();
    }
  }
}

package io.troupe.persistence.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.troupe.api.object.GroupResource;
import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.store.CachedChange;
import io.troupe.persistence.store.CachedObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** A watch shows every change once, in order, whatever the batches, the ring and the threads do. */
class WatchProperties {
  private static final GroupResource TYPE = new GroupResource("", "things");

  /** A log of changes, of which the table keeps only the recent ones. */
  private static final class Log implements CacheWatch.Source {
    final TypeTable table = new TypeTable(0);
    final List<CachedChange> all = new ArrayList<>();
    final TreeMap<ObjectKey, CachedObject> model = new TreeMap<>(TypeTable.ORDER);
    final List<TreeMap<ObjectKey, CachedObject>> versions = new ArrayList<>();
    volatile long revision;

    Log() {
      versions.add(new TreeMap<>(model));
    }

    void change(Random random) {
      List<CachedChange> batch = new ArrayList<>();
      for (int n = random.nextInt(40); n >= 0; n--) {
        batch.add(
            change(
                new ObjectKey(TYPE, "n" + random.nextInt(3), "o" + random.nextInt(9)),
                random.nextInt(4) == 0));
      }
      synchronized (all) {
        all.addAll(batch);
      }
      table.apply(batch);
      revision = batch.getLast().revision();
    }

    private CachedChange change(ObjectKey key, boolean remove) {
      long next = versions.size();
      CachedObject before = model.get(key);
      byte[] json = ("{" + "x".repeat(3000) + "}").getBytes(StandardCharsets.UTF_8);
      var object = new CachedObject(key, next, json);
      boolean removed = remove && before != null;
      if (removed) {
        model.remove(key);
      } else {
        model.put(key, object);
      }
      versions.add(new TreeMap<>(model));
      return new CachedChange(next, before, removed ? null : object, removed ? object : null);
    }

    @Override
    public long revision() {
      return revision;
    }

    @Override
    public List<CachedChange> recent(long after) {
      return table.changesAfter(after);
    }

    @Override
    public List<CachedChange> past(long after, long upTo, int limit) {
      synchronized (all) {
        return all.stream()
            .filter(c -> c.revision() > after && c.revision() <= upTo)
            .limit(limit)
            .toList();
      }
    }
  }

  @Property(tries = 30)
  void shouldResumeAnywhereWithoutGapOrDouble(@ForAll long seed) {
    var random = new Random(seed);
    var log = new Log();
    List<Runnable> due = new ArrayList<>();
    Executor later = due::add;
    List<List<Long>> seen = new ArrayList<>();
    List<Long> starts = new ArrayList<>();
    for (int step = 0; step < 300; step++) {
      log.change(random);
      log.table.watches().forEach(CacheWatch::wake);
      if (random.nextInt(20) == 0) {
        List<Long> revisions = new ArrayList<>();
        long start = random.nextLong(log.revision() + 1);
        seen.add(revisions);
        starts.add(start);
        var watch =
            new CacheWatch(
                log,
                "",
                start,
                changes -> changes.forEach(change -> revisions.add(change.revision())),
                progress ->
                    assertThat(revisions.isEmpty() || revisions.getLast() <= progress).isTrue(),
                later,
                closed -> {});
        log.table.watches().add(watch);
        watch.wake();
      }
      while (!due.isEmpty() && random.nextBoolean()) {
        due.remove(random.nextInt(due.size())).run();
      }
    }
    while (!due.isEmpty()) {
      due.removeFirst().run();
    }
    for (int i = 0; i < seen.size(); i++) {
      List<Long> expected = new ArrayList<>();
      for (long r = starts.get(i) + 1; r <= log.revision(); r++) {
        expected.add(r);
      }
      assertThat(seen.get(i)).isEqualTo(expected);
    }
  }

  @Property(tries = 30)
  void shouldShowThePastAsItWas(@ForAll long seed) {
    var random = new Random(seed);
    var log = new Log();
    for (int step = 0; step < 60; step++) {
      log.change(random);
      long at = random.nextLong(log.revision() + 1);
      TypeTable.Version version = log.table.versionAt(at);
      if (version != null) {
        assertThat(version.in("")).isEqualTo(List.copyOf(log.versions.get((int) at).values()));
        assertThat(version.in("n1"))
            .isEqualTo(
                log.versions.get((int) at).values().stream()
                    .filter(object -> object.key().namespace().equals("n1"))
                    .toList());
      }
    }
  }
}

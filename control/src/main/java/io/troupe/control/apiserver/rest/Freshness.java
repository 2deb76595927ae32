package io.troupe.control.apiserver.rest;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.persistence.store.ObjectStore;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** From which revision a read is answered. */
final class Freshness {
  private final ObjectStore store;

  Freshness(ObjectStore store) {
    this.store = store;
  }

  /** What {@code resourceVersion} and {@code resourceVersionMatch} ask for. */
  sealed interface Wanted {
    /** At least the newest revision that anybody has seen. */
    record Newest() implements Wanted {}

    /** Whatever is at hand. */
    record Any() implements Wanted {}

    record AtLeast(long revision) implements Wanted {}

    record Exactly(long revision) implements Wanted {}
  }

  /** Reads the parameters of a list. */
  static Wanted ofList(Query query, int limit) {
    String version = query.first("resourceVersion");
    String match = query.first("resourceVersionMatch");
    if (!match.isEmpty() && version.isEmpty()) {
      throw invalid("Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
    }
    if (version.isEmpty()) {
      return new Wanted.Newest();
    }
    long revision = revision(version);
    return switch (match) {
      case "Exact" -> {
        if (revision == 0) {
          throw invalid(
              "Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
        yield new Wanted.Exactly(revision);
      }
      case "NotOlderThan" -> atLeast(revision);
      case "" -> limit > 0 && revision > 0 ? new Wanted.Exactly(revision) : atLeast(revision);
      default ->
          throw invalid(
              "Unsupported value: \""
                  + match
                  + "\": supported values: \"Exact\", \"NotOlderThan\"");
    };
  }

  private static Wanted atLeast(long revision) {
    return revision == 0 ? new Wanted.Any() : new Wanted.AtLeast(revision);
  }

  static long revision(String text) {
    try {
      long revision = Long.parseUnsignedLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new RefusedException(
        new Refusal(
            400,
            "BadRequest",
            "resourceVersion: Invalid value: \"" + text + "\": strconv.ParseUint: parsing \"" + text
                + "\": invalid syntax",
            "",
            "",
            "",
            List.of(),
            0));
  }

  private static RefusedException invalid(String why) {
    Refusal.Cause cause = new Refusal.Cause("FieldValueForbidden", why, "resourceVersionMatch");
    return new RefusedException(
        Refusal.invalid("meta.k8s.io", "ListOptions", "", List.of(cause)));
  }

  /** Completes with a revision that the cache has reached and that is new enough. */
  CompletionStage<Long> reached(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Any any -> CompletableFuture.completedFuture(store.cache().revision());
      case Wanted.Newest newest -> newest();
      case Wanted.AtLeast atLeast -> reached(atLeast.revision());
      case Wanted.Exactly exactly -> reached(exactly.revision());
    };
  }

  private CompletionStage<Long> newest() {
    CompletableFuture<Long> latest = store.latestRevision().toCompletableFuture();
    if (latest.isDone() && !latest.isCompletedExceptionally()) {
      long revision = latest.getNow(0L);
      return store.cache().revision() >= revision ? latest : store.cache().reached(revision);
    }
    return latest
        .thenCompose(store.cache()::reached)
        .handle(
            (revision, failure) -> {
              if (failure != null) {
                throw new RefusedException(
                    Refusal.unavailable(
                        "the journal cannot be asked for its latest revision; read at a stated"
                            + " resourceVersion instead"));
              }
              return revision;
            });
  }

  private CompletionStage<Long> reached(long revision) {
    if (store.cache().revision() >= revision) {
      return CompletableFuture.completedFuture(revision);
    }
    return store
        .cache()
        .reached(revision)
        .exceptionally(
            failure -> {
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              if (cause instanceof TimeoutException || failure instanceof TimeoutException) {
                throw tooNew(revision);
              }
              throw new IllegalStateException(failure);
            });
  }

  private RefusedException tooNew(long revision) {
    Refusal timeout =
        Refusal.timeout(
            "Too large resource version: " + revision + ", current: " + store.cache().revision());
    Refusal.Cause cause =
        new Refusal.Cause("ResourceVersionTooLarge", "Too large resource version", "");
    return new RefusedException(
        new Refusal(
            timeout.code(), timeout.reason(), timeout.message(), "", "", "", List.of(cause), 1));
  }

  /** The past revision of a request under {@code /at/}. */
  CompletionStage<Long> past(Exchange exchange) {
    String moment = exchange.moment();
    if (!moment.isEmpty() && moment.chars().allMatch(c -> c >= '0' && c <= '9')) {
      long revision = revision(moment);
      return newest().thenApply(newest -> checkedPast(revision, newest));
    }
    Instant instant = instant(moment);
    CompletableFuture<Long> found = new CompletableFuture<>();
    Thread.startVirtualThread(
        () -> {
          try {
            found.complete(store.history().revisionAt(instant.toEpochMilli()));
          } catch (RuntimeException e) {
            found.completeExceptionally(e);
          }
        });
    return found;
  }

  private static long checkedPast(long revision, long newest) {
    if (revision > newest) {
      throw new RefusedException(
          Refusal.badRequest(
              "revision " + revision + " has not happened yet; the newest is " + newest));
    }
    return revision;
  }

  private static Instant instant(String moment) {
    try {
      return OffsetDateTime.parse(moment).toInstant();
    } catch (DateTimeException e) {
      throw new RefusedException(
          Refusal.badRequest(
              "\"" + moment + "\" is neither a revision nor a time like 2026-01-31T12:00:00Z"));
    }
  }
}

package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Ledgers;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Claims numbers of one space, asked for or drawn. Empty answers: taken, or none left. */
final class NumberLedgers {
  private static final int DRAWS = 6;
  private static final ObjectNode NO_LIMITS = Json.object();

  /**
   * Who claims.
   *
   * @param object {@code namespace/name}
   * @param isTrial looks for a free number without claiming it (dry runs)
   */
  record Claimant(String uid, String object, long timeMillis, boolean isTrial) {}

  private final Ledgers ledgers;
  private final NumberSpace space;
  private final RandomGenerator random;
  private final Predicate<ObjectNode> isLeaked;

  NumberLedgers(
      Ledgers ledgers, NumberSpace space, RandomGenerator random, Predicate<ObjectNode> isLeaked) {
    this.ledgers = ledgers;
    this.space = space;
    this.random = random;
    this.isLeaked = isLeaked;
  }

  NumberSpace space() {
    return space;
  }

  CompletionStage<Optional<Long>> ask(Claimant who, long number) {
    return claim(who, number)
        .thenCompose(
            granted ->
                granted.isPresent()
                    ? CompletableFuture.completedStage(granted)
                    : freed(who, number)
                        .thenCompose(
                            isFreed ->
                                isFreed
                                    ? claim(who, number)
                                    : CompletableFuture.completedStage(Optional.empty())));
  }

  CompletionStage<Optional<Long>> draw(Claimant who) {
    return draw(who, DRAWS);
  }

  CompletionStage<Void> release(String uid, long number) {
    return space.contains(number)
        ? ledgers.release(space.sort(), space.ledger(number), id(uid, number))
        : CompletableFuture.completedStage(null);
  }

  private CompletionStage<Optional<Long>> draw(Claimant who, int left) {
    if (left == 0) {
      long start = random.nextLong(space.drawFirst(), space.last() + 1);
      return search(who, start, space.size() / 256 + 2);
    }
    long number = random.nextLong(space.drawFirst(), space.last() + 1);
    return claim(who, number)
        .thenCompose(
            granted ->
                granted.isPresent()
                    ? CompletableFuture.completedStage(granted)
                    : draw(who, left - 1));
  }

  /** Block by block from a random one on, reading what each has left. */
  private CompletionStage<Optional<Long>> search(Claimant who, long at, long blocksLeft) {
    if (blocksLeft <= 0) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return ledgers
        .claims(space.sort(), space.ledger(at))
        .thenCompose(claims -> pick(who, at, claims))
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedStage(found)
                    : search(who, nextBlock(at), blocksLeft - 1));
  }

  private long nextBlock(long at) {
    long next = (at & ~255L) + 256;
    return next > space.last() ? space.first() : next;
  }

  private CompletionStage<Optional<Long>> pick(
      Claimant who, long at, Map<String, ObjectNode> claims) {
    Set<Long> used = new HashSet<>();
    for (ObjectNode claim : claims.values()) {
      if (!isLeaked.test(claim)) {
        used.add(space.parse(Json.text(claim, "number")));
      }
    }
    long start = at & ~255L;
    for (long number = start; number < start + 256; number++) {
      if (space.contains(number) && !used.contains(number)) {
        return ask(who, number);
      }
    }
    return CompletableFuture.completedStage(Optional.empty());
  }

  private CompletionStage<Optional<Long>> claim(Claimant who, long number) {
    if (who.isTrial()) {
      return ledgers
          .claims(space.sort(), space.ledger(number))
          .thenApply(claims -> holder(claims, number).isEmpty() ? Optional.of(number) : none());
    }
    ObjectNode wanted = Json.object().put("number", space.text(number));
    wanted.put("owner", who.uid()).put("object", who.object()).put("at", who.timeMillis());
    return ledgers
        .claim(space.sort(), space.ledger(number), id(who.uid(), number), wanted, NO_LIMITS)
        .thenApply(v -> v instanceof Ledgers.Verdict.Grant ? Optional.of(number) : none());
  }

  private static Optional<Long> none() {
    return Optional.empty();
  }

  /** Releases the number when its holder is gone; a trial only reports it. */
  private CompletionStage<Boolean> freed(Claimant who, long number) {
    return ledgers
        .claims(space.sort(), space.ledger(number))
        .thenCompose(
            claims -> {
              Optional<Map.Entry<String, ObjectNode>> holder = holder(claims, number);
              if (who.isTrial() || holder.isEmpty() || !isLeaked.test(holder.get().getValue())) {
                return CompletableFuture.completedStage(holder.isEmpty());
              }
              return ledgers
                  .release(space.sort(), space.ledger(number), holder.get().getKey())
                  .thenApply(done -> true);
            });
  }

  private Optional<Map.Entry<String, ObjectNode>> holder(
      Map<String, ObjectNode> claims, long number) {
    String text = space.text(number);
    return claims.entrySet().stream()
        .filter(e -> Json.text(e.getValue(), "number").equals(text))
        .findFirst();
  }

  private String id(String uid, long number) {
    return uid + "/" + space.text(number);
  }
}

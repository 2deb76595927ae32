package io.troupe.control.apiserver.rest;

import io.troupe.api.kinds.Kind;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.Request;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Fixes at the edge what a decision needs: who, how, when, and a uid for what may be created. */
final class Requests {
  private static final int MAX_MANAGER = 128;

  private Requests() {}

  static Request of(Exchange exchange, Kind kind) {
    String agent = exchange.header("User-Agent");
    String validation = exchange.query().text("fieldValidation");
    if (!validation.isEmpty() && !Set.of("Ignore", "Warn", "Strict").contains(validation)) {
      throw invalid(
          exchange,
          "fieldValidation",
          "FieldValueNotSupported",
          "Unsupported value: \"%s\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""
              .formatted(validation));
    }
    List<String> dryRun = exchange.query().all("dryRun");
    if (dryRun.stream().anyMatch(d -> !d.equals("All") && !d.isEmpty())) {
      throw invalid(
          exchange,
          "dryRun",
          "FieldValueNotSupported",
          "Unsupported value: [\"%s\"]: supported values: \"All\""
              .formatted(String.join("\",\"", dryRun)));
    }
    return new Request(
        exchange.info().verb(),
        kind.resource().apiVersion(),
        kind.resource().kind(),
        exchange.info().subresource(),
        exchange.user(),
        agent,
        exchange.requestId(),
        manager(exchange.query().text("fieldManager"), agent),
        validation.isEmpty() ? "Warn" : validation,
        dryRun.contains("All"),
        exchange.startMillis(),
        newUid());
  }

  /** The parameter, else the user agent up to its first slash, as upstream derives it. */
  static String manager(String parameter, String agent) {
    if (!parameter.isEmpty()) {
      return parameter;
    }
    int slash = agent.indexOf('/');
    String name = slash < 0 ? agent : agent.substring(0, slash);
    return name.length() > MAX_MANAGER ? name.substring(0, MAX_MANAGER) : name;
  }

  /** A version-4 UUID; uids must be unique, not secret, so a fast generator does. */
  static String newUid() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  static Request dryRun(Request r) {
    return new Request(
        r.verb(),
        r.apiVersion(),
        r.kind(),
        r.subresource(),
        r.user(),
        r.userAgent(),
        r.requestId(),
        r.fieldManager(),
        r.fieldValidation(),
        true,
        r.timeMillis(),
        r.newUid());
  }

  private static RefusedException invalid(
      Exchange exchange, String field, String reason, String message) {
    String options =
        switch (exchange.info().verb()) {
          case "create" -> "CreateOptions";
          case "update" -> "UpdateOptions";
          case "patch" -> "PatchOptions";
          default -> "DeleteOptions";
        };
    return new RefusedException(
        Refusal.invalid(
            "meta.k8s.io", options, "", List.of(new Refusal.Cause(reason, message, field))));
  }
}

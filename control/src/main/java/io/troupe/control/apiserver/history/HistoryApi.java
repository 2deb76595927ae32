package io.troupe.control.apiserver.history;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.authorization.Attributes;
import io.troupe.control.apiserver.authorization.Authorizer;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.Query;
import io.troupe.control.apiserver.http.Stream;
import io.troupe.persistence.store.History;
import io.troupe.persistence.store.History.Entry;
import io.troupe.persistence.store.ObjectStore;
import java.time.DateTimeException;
import java.time.OffsetDateTime;

/** Answers the paths below {@code /troupe/v1/}; reads the journal on virtual threads. */
public final class HistoryApi {
  private static final String ROOT = "/troupe/v1/";
  private static final String LINES = "application/x-ndjson";

  private final ObjectStore store;
  private final Authorizer authorizer;

  public HistoryApi(ObjectStore store, Authorizer authorizer) {
    this.store = store;
    this.authorizer = authorizer;
  }

  /** Answers, or says that there is no such path. */
  public boolean answer(Exchange exchange) {
    String path = exchange.info().path();
    if (!path.startsWith(ROOT) || !exchange.info().verb().equals("get")) {
      return false;
    }
    switch (path.substring(ROOT.length())) {
      case "history" -> history(exchange, query(exchange.query()));
      case "verify" -> Thread.startVirtualThread(() -> exchange.guard(() -> verify(exchange)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static History.Query query(Query asked) {
    String type = asked.text("type");
    long limit = asked.number("limit", 0);
    if (limit < 0 || limit > Integer.MAX_VALUE) {
      throw new RefusedException(Refusal.badRequest("limit: must be between 0 and 2147483647"));
    }
    return new History.Query(
        type.isEmpty() ? null : GroupResource.parse(type),
        orNull(asked.text("namespace")),
        orNull(asked.text("name")),
        orNull(asked.text("user")),
        sinceMillis(asked.text("since")),
        asked.number("after", 0),
        (int) limit);
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static long sinceMillis(String since) {
    try {
      return since.isEmpty() ? 0 : OffsetDateTime.parse(since).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new RefusedException(
          Refusal.badRequest("since: \"" + since + "\" is not an RFC 3339 time"));
    }
  }

  private void history(Exchange exchange, History.Query query) {
    exchange.stream(LINES, lines -> store.history().entries(query, e -> write(exchange, lines, e)));
  }

  private void write(Exchange exchange, Stream lines, Entry entry) {
    lines.write(EntryLine.of(entry, mayGet(exchange, entry)));
  }

  /** The past of an object needs the same rights as its present. */
  private boolean mayGet(Exchange exchange, Entry entry) {
    GroupResource type = entry.key().type();
    return authorizer.allows(
        new Attributes(
            exchange.user(),
            "get",
            type.group(),
            "",
            type.resource(),
            "",
            entry.key().namespace(),
            entry.key().name(),
            exchange.info().path()));
  }

  private void verify(Exchange exchange) {
    ObjectNode answer = Json.object();
    var problem = store.history().verify();
    answer.put("ok", problem.isEmpty());
    problem.ifPresent(p -> answer.put("problem", p));
    exchange.answer(200, answer);
  }
}

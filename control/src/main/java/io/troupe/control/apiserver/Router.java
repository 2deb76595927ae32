package io.troupe.control.apiserver;

import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import io.troupe.control.apiserver.history.HistoryApi;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.control.apiserver.http.RequestInfo;
import io.troupe.control.apiserver.rest.RestApi;
import io.troupe.control.apiserver.streaming.KubeletRelay;
import io.troupe.persistence.store.ObjectStore;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Hands an authorized request to what answers it. */
final class Router {
  private static final String PAST = "/at/";

  private final RestApi rest;
  private final VirtualResources virtual;
  private final KubeletRelay relay;
  private final Documents documents;
  private final HistoryApi history;
  private final ObjectStore store;

  Router(
      RestApi rest,
      VirtualResources virtual,
      KubeletRelay relay,
      Documents documents,
      HistoryApi history,
      ObjectStore store) {
    this.rest = rest;
    this.virtual = virtual;
    this.relay = relay;
    this.documents = documents;
    this.history = history;
    this.store = store;
  }

  void route(Exchange exchange, byte[] body) {
    RequestInfo info = exchange.info();
    if (!info.resourceRequest()) {
      if (!documents.answer(exchange) && !history.answer(exchange)) {
        throw new RefusedException(RestApi.pathNotFound());
      }
      return;
    }
    if (info.path().startsWith(PAST)) {
      past(exchange);
    } else if (!virtual.answers(exchange, body) && !relay.relays(exchange)) {
      rest.handle(exchange, body, Optional.empty());
    }
  }

  /**
   * {@code /at/<revision or time>/…}: the time's revision is found off the event loop, since it
   * asks the journal.
   */
  private void past(Exchange exchange) {
    String path = exchange.info().path();
    String moment = path.substring(PAST.length(), path.indexOf('/', PAST.length()));
    if (moment.matches("\\d{1,18}")) {
      rest.handle(exchange, new byte[0], Optional.of(Long.parseLong(moment)));
      return;
    }
    long millis = millis(moment);
    Thread.startVirtualThread(
        () ->
            exchange.guard(
                () -> {
                  long revision = store.history().revisionAt(millis);
                  exchange.onLoop(
                      () ->
                          exchange.guard(
                              () -> rest.handle(exchange, new byte[0], Optional.of(revision))));
                }));
  }

  private static long millis(String moment) {
    try {
      return OffsetDateTime.parse(moment.replace("%3A", ":").replace("%2B", "+"))
          .toInstant()
          .toEpochMilli();
    } catch (DateTimeException e) {
      throw new RefusedException(
          Refusal.badRequest("\"" + moment + "\" is neither a revision nor an RFC 3339 time"));
    }
  }
}

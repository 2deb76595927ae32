package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.kinds.Kind;
import io.troupe.control.apiserver.http.Buffers;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.CachedObject;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a list as the concatenation of its objects' bytes, in chunks and no faster than the
 * client reads.
 */
final class ListWriter {
  private static final int CHUNK_BYTES = 64 * 1024;
  private static final byte[] TAIL = {']', '}', '\n'};

  private final HttpServerResponse response;
  private final List<CachedObject> items;
  private final byte[] type;
  private byte[] chunk;
  private int filled;
  private int next;
  private boolean over;

  private ListWriter(HttpServerResponse response, byte[] type, List<CachedObject> items) {
    this.response = response;
    this.type = type;
    this.items = items;
  }

  static void write(Exchange exchange, Kind kind, ObjectNode metadata, List<CachedObject> items) {
    String apiVersion = kind.resource().apiVersion();
    String name = kind.resource().kind();
    // How every stored object of the kind begins; items of a typed list do not say their type.
    byte[] type =
        ("{\"apiVersion\":\"" + apiVersion + "\",\"kind\":\"" + name + "\",")
            .getBytes(StandardCharsets.UTF_8);
    byte[] head =
        ("{\"kind\":\"" + name + "List\",\"apiVersion\":\"" + apiVersion + "\",\"metadata\":"
                + metadata + ",\"items\":[")
            .getBytes(StandardCharsets.UTF_8);
    HttpServerResponse response = exchange.begin(200, "application/json");
    var writer = new ListWriter(response, type, items);
    long length = writer.length(head.length);
    response.putHeader("content-length", Long.toString(length));
    if (exchange.request().method() == HttpMethod.HEAD) {
      response.end();
      return;
    }
    writer.chunk = new byte[(int) Math.min(length, CHUNK_BYTES)];
    writer.put(head, 0, head.length);
    response.exceptionHandler(e -> writer.over = true);
    response.closeHandler(v -> writer.over = true);
    response.drainHandler(v -> writer.pump());
    writer.pump();
  }

  private long length(int head) {
    long sum = head + TAIL.length + Math.max(0, items.size() - 1);
    for (CachedObject item : items) {
      sum += item.json().length - skip(item.json()) + 1;
    }
    return sum - items.stream().filter(item -> skip(item.json()) == 0).count();
  }

  /** How many bytes of the item are its type, all but the brace of which is left out. */
  private int skip(byte[] json) {
    return json.length > type.length
            && Arrays.equals(json, 0, type.length, type, 0, type.length)
        ? type.length
        : 0;
  }

  private void pump() {
    while (!over && !response.writeQueueFull()) {
      if (next < items.size()) {
        item(items.get(next));
        next++;
      } else {
        put(TAIL, 0, TAIL.length);
        over = true;
        response.end(Buffers.wrap(Arrays.copyOf(chunk, filled)));
      }
    }
  }

  private void item(CachedObject item) {
    if (next > 0) {
      put((byte) ',');
    }
    byte[] json = item.json();
    int skip = skip(json);
    if (skip > 0) {
      put((byte) '{');
    }
    put(json, skip, json.length - skip);
  }

  private void put(byte one) {
    if (filled == chunk.length) {
      flush();
    }
    chunk[filled++] = one;
  }

  private void put(byte[] bytes, int from, int length) {
    int done = 0;
    while (done < length) {
      if (filled == chunk.length) {
        flush();
      }
      int part = Math.min(length - done, chunk.length - filled);
      System.arraycopy(bytes, from + done, chunk, filled, part);
      filled += part;
      done += part;
    }
  }

  private void flush() {
    response.write(Buffers.wrap(chunk));
    chunk = new byte[chunk.length];
    filled = 0;
  }
}

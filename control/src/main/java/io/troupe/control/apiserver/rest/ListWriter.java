package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.troupe.api.kinds.Kind;
import io.troupe.control.apiserver.http.Exchange;
import io.troupe.persistence.store.CachedObject;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a list as the concatenation of its objects' bytes, in chunks and no faster than the client
 * reads. Lives on the connection's event loop.
 */
final class ListWriter {
  private static final int CHUNK_BYTES = 128 * 1024;

  /** To count the bytes of a longer list would mean to fetch all its objects twice. */
  private static final int COUNTED_ITEMS_MAX = 500;

  private static final byte[] TAIL = {']', '}'};

  private final Exchange exchange;
  private final HttpServerResponse response;
  private final List<CachedObject> items;
  private final byte[] type;
  private ByteBuf chunk;
  private int next;
  private boolean over;

  private ListWriter(Exchange exchange, byte[] type, List<CachedObject> items) {
    this.exchange = exchange;
    this.response = exchange.begin(200, "application/json");
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
        ("{\"kind\":\""
                + name
                + "List\",\"apiVersion\":\""
                + apiVersion
                + "\",\"metadata\":"
                + metadata
                + ",\"items\":[")
            .getBytes(StandardCharsets.UTF_8);
    new ListWriter(exchange, type, items).start(head);
  }

  private void start(byte[] head) {
    int size = CHUNK_BYTES;
    if (items.size() <= COUNTED_ITEMS_MAX || exchange.isHead()) {
      long length = length(head.length);
      response.putHeader("Content-Length", Long.toString(length));
      size = (int) Math.min(length, CHUNK_BYTES);
    } else {
      response.setChunked(true);
    }
    if (exchange.isHead()) {
      over = true;
      response.end();
      exchange.answered(200);
      return;
    }
    chunk = PooledByteBufAllocator.DEFAULT.directBuffer(size);
    chunk.writeBytes(head);
    response.exceptionHandler(e -> stop());
    response.closeHandler(v -> stop());
    response.drainHandler(v -> pump());
    pump();
  }

  private long length(int head) {
    long sum = (long) head + TAIL.length + Math.max(0, items.size() - 1);
    for (CachedObject item : items) {
      int skip = skip(item.json());
      sum += (long) item.json().length - skip + (skip > 0 ? 1 : 0);
    }
    return sum;
  }

  /** How many bytes of the item say its type; a brace stands for them. */
  private int skip(byte[] json) {
    return json.length > type.length && Arrays.equals(json, 0, type.length, type, 0, type.length)
        ? type.length
        : 0;
  }

  private void pump() {
    while (!over && !response.writeQueueFull()) {
      if (next < items.size()) {
        item(items.get(next));
        next++;
      } else {
        chunk.writeBytes(TAIL);
        over = true;
        ByteBuf last = chunk;
        chunk = null;
        response.end(BufferInternal.buffer(last)).onComplete(done -> last.release());
        exchange.answered(200);
      }
    }
  }

  private void item(CachedObject item) {
    byte[] json = item.json();
    int skip = skip(json);
    makeRoom(json.length - skip + 2);
    if (next > 0) {
      chunk.writeByte(',');
    }
    if (skip > 0) {
      chunk.writeByte('{');
    }
    chunk.writeBytes(json, skip, json.length - skip);
  }

  /** The tail always fits behind an item. */
  private void makeRoom(int bytes) {
    if (chunk.writableBytes() >= bytes + TAIL.length) {
      return;
    }
    ByteBuf full = chunk;
    chunk = PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(CHUNK_BYTES, bytes + TAIL.length));
    response.write(BufferInternal.buffer(full)).onComplete(done -> full.release());
  }

  private void stop() {
    if (!over) {
      over = true;
      if (chunk != null) {
        chunk.release();
        chunk = null;
      }
      exchange.answered(0);
    }
  }
}

package io.troupe.control.apiserver.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletionException;

/**
 * An answer that is written bit by bit from a virtual thread. Writing waits until the connection
 * has taken what was written before, so a slow reader slows the writer and costs no memory.
 */
public final class Stream {
  private static final int PIECE_BYTES = 64 << 10;

  private final HttpServerResponse response;
  private Buffer piece = Buffer.buffer();

  Stream(HttpServerResponse response) {
    this.response = response;
  }

  /** Throws when the reader has gone. */
  public void write(byte[] bytes) {
    piece.appendBytes(bytes);
    if (piece.length() >= PIECE_BYTES) {
      flush();
    }
  }

  private void flush() {
    await(response.write(piece));
    piece = Buffer.buffer();
  }

  void end() {
    await(response.end(piece));
  }

  /** Tells the reader that the answer is not whole. */
  void breakOff() {
    response.reset();
  }

  private static void await(Future<Void> written) {
    try {
      written.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IllegalStateException("the client has gone: " + e.getCause(), e);
    }
  }
}

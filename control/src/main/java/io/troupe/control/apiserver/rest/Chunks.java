package io.troupe.control.apiserver.rest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A body gathered into a few arrays: sending costs the network layers more for each part than a copy
 * of a small part does.
 */
final class Chunks {
  private static final int FIRST_BYTES = 4 << 10;
  private static final int MAX_BYTES = 128 << 10;

  private final List<byte[]> full = new ArrayList<>();
  private byte[] chunk = new byte[FIRST_BYTES];
  private int used;

  void add(byte[] part) {
    if (used + part.length > chunk.length) {
      grow(part.length);
    }
    System.arraycopy(part, 0, chunk, used, part.length);
    used += part.length;
  }

  private void grow(int needed) {
    int doubled = Math.min(MAX_BYTES, chunk.length * 2);
    if (used + needed <= doubled) {
      chunk = Arrays.copyOf(chunk, doubled);
      return;
    }
    finish();
    chunk = new byte[Math.max(MAX_BYTES, needed)];
  }

  private void finish() {
    if (used > 0) {
      full.add(used == chunk.length ? chunk : Arrays.copyOf(chunk, used));
      used = 0;
    }
  }

  /** Everything that was added; nothing may be added after it. */
  byte[][] all() {
    finish();
    return full.toArray(byte[][]::new);
  }
}

package io.troupe.node.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Reads a container's log in CRI format: {@code <time> <stream> <P|F> <text>}. */
final class LogReader {
  private static final int CHUNK_BYTES = 32 * 1024;
  private static final long POLL_MILLIS = 100;

  private final Path file;
  private final LogOptions options;
  private final OutputStream out;
  private long written;
  private boolean lineOpen;

  LogReader(Path file, LogOptions options, OutputStream out) {
    this.file = file;
    this.options = options;
    this.out = out;
  }

  /**
   * Writes what is wanted.
   *
   * @param alive whether more may come, when following
   */
  void read(BooleanSupplier alive) throws IOException, InterruptedException {
    RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
    try {
      in.seek(options.tailLines() < 0 ? 0 : tailStart(in, options.tailLines()));
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      while (true) {
        // Asked before reading: what was written before the container ended is still read.
        boolean more = options.follow() && alive.getAsBoolean();
        if (!drain(in, line)) {
          return;
        }
        if (!more) {
          return;
        }
        if (rotated(in)) {
          drain(in, line);
          in.close();
          in = new RandomAccessFile(file.toFile(), "r");
          continue;
        }
        out.flush();
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    } finally {
      in.close();
    }
  }

  /** Another file has the name now: it begins anew, shorter than where we are. */
  private boolean rotated(RandomAccessFile in) throws IOException {
    try {
      return Files.size(file) < in.getFilePointer();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** False when the limit is reached. */
  private boolean drain(RandomAccessFile in, ByteArrayOutputStream line) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int n; (n = in.read(chunk)) > 0; ) {
      int start = 0;
      for (int i = 0; i < n; i++) {
        if (chunk[i] == '\n') {
          line.write(chunk, start, i - start);
          start = i + 1;
          if (!emit(line.toByteArray())) {
            return false;
          }
          line.reset();
        }
      }
      line.write(chunk, start, n - start);
    }
    return true;
  }

  private boolean emit(byte[] line) throws IOException {
    int time = indexOf(line, 0);
    int stream = time < 0 ? -1 : indexOf(line, time + 1);
    int tag = stream < 0 ? -1 : indexOf(line, stream + 1);
    if (tag < 0) {
      return true; // not a line of a runtime
    }
    String stamp = new String(line, 0, time, StandardCharsets.US_ASCII);
    if (options.since() != null && instant(stamp).isBefore(options.since())) {
      return true;
    }
    String name = new String(line, time + 1, stream - time - 1, StandardCharsets.US_ASCII);
    if (!options.stream().isEmpty()
        && !options.stream().equalsIgnoreCase("All")
        && !options.stream().equalsIgnoreCase(name)) {
      return true;
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    if (options.timestamps() && !lineOpen) {
      text.writeBytes((stamp + " ").getBytes(StandardCharsets.US_ASCII));
    }
    text.write(line, tag + 1, line.length - tag - 1);
    lineOpen = line[stream + 1] == 'P';
    if (!lineOpen) {
      text.write('\n');
    }
    return write(text.toByteArray());
  }

  private static Instant instant(String stamp) {
    return java.time.OffsetDateTime.parse(stamp).toInstant();
  }

  private static int indexOf(byte[] line, int from) {
    for (int i = from; i < line.length; i++) {
      if (line[i] == ' ') {
        return i;
      }
    }
    return -1;
  }

  private boolean write(byte[] text) throws IOException {
    int length = text.length;
    if (options.limitBytes() >= 0) {
      length = (int) Math.min(length, options.limitBytes() - written);
    }
    out.write(text, 0, length);
    written += length;
    return length == text.length;
  }

  /** Where the last so many lines begin; parts of a line count as one with their end. */
  static long tailStart(RandomAccessFile in, long lines) throws IOException {
    long end = in.length();
    if (lines == 0) {
      return end;
    }
    long found = 0;
    byte[] chunk = new byte[CHUNK_BYTES];
    for (long at = end; at > 0; ) {
      int n = (int) Math.min(chunk.length, at);
      at -= n;
      in.seek(at);
      in.readFully(chunk, 0, n);
      for (int i = n - 1; i >= 0; i--) {
        boolean last = at + i == end - 1;
        if (chunk[i] == '\n' && !last && ++found == lines) {
          return at + i + 1;
        }
      }
    }
    return 0;
  }
}

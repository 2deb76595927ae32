package io.troupe.api.codec;

import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A protobuf message, written from its end to its start: the length of an inner message is known
 * before it has to be written, so one pass is enough.
 */
final class BackwardBuffer {
  private byte[] bytes = new byte[1024];
  private int start = bytes.length;

  int length() {
    return bytes.length - start;
  }

  byte[] toByteArray() {
    return Arrays.copyOfRange(bytes, start, bytes.length);
  }

  private void reserve(int count) {
    if (start < count) {
      int length = length();
      byte[] larger = new byte[Math.max(bytes.length * 2, length + count)];
      System.arraycopy(bytes, start, larger, larger.length - length, length);
      start = larger.length - length;
      bytes = larger;
    }
  }

  void raw(byte[] added) {
    reserve(added.length);
    start -= added.length;
    System.arraycopy(added, 0, bytes, start, added.length);
  }

  void varint(long value) {
    int size = 1;
    for (long rest = value >>> 7; rest != 0; rest >>>= 7) {
      size++;
    }
    reserve(size);
    start -= size;
    long rest = value;
    for (int i = 0; i < size; i++) {
      bytes[start + i] = (byte) (i == size - 1 ? rest & 0x7f : (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
  }

  void tag(int number, int wireType) {
    varint(((long) number << 3) | wireType);
  }

  void bytes(int number, byte[] value) {
    raw(value);
    close(number, length() - value.length);
  }

  void text(int number, String value) {
    bytes(number, value.getBytes(StandardCharsets.UTF_8));
  }

  void integer(int number, long value) {
    varint(value);
    tag(number, WireFormat.WIRETYPE_VARINT);
  }

  void fixed64(int number, long value) {
    reserve(8);
    start -= 8;
    for (int i = 0; i < 8; i++) {
      bytes[start + i] = (byte) (value >>> (8 * i));
    }
    tag(number, WireFormat.WIRETYPE_FIXED64);
  }

  /** Makes what was written since a length was taken the inner message of a field. */
  void close(int number, int lengthBefore) {
    varint(length() - lengthBefore);
    tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }
}

package io.troupe.control.apiserver.rest;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * {@code metav1.WatchEvent} in protobuf: type is field 1, the RawExtension of the object field 2
 * (its raw is field 1).
 */
final class ProtobufFrames {
  private ProtobufFrames() {}

  /** The object is already in its envelope. */
  static byte[] event(String type, byte[] object) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(object.length + 64);
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeString(1, type);
      out.writeTag(2, 2);
      out.writeUInt32NoTag(CodedOutputStream.computeByteArraySize(1, object));
      out.writeByteArray(1, object);
      out.flush();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

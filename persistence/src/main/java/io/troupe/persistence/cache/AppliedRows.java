package io.troupe.persistence.cache;

import io.troupe.api.object.ObjectKey;
import io.troupe.persistence.cache.LiveCache.Applied;
import io.troupe.persistence.entity.Wire;
import io.troupe.persistence.store.CachedObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A committed group as bytes, so that other members' caches need not read it from the journal. */
public final class AppliedRows {
  private static final int BYTES_MAX = 4 << 20;

  private AppliedRows() {}

  /** Empty when the group is too large for a message. */
  public static byte[] write(List<Applied> rows) {
    var bytes = new ByteArrayOutputStream(4096);
    var out = new DataOutputStream(bytes);
    try {
      for (Applied row : rows) {
        out.writeLong(row.revision());
        Wire.writeText(out, row.persistenceId());
        out.writeLong(row.sequence());
        out.writeBoolean(row.removed());
        Wire.writeBytes(out, row.object() == null ? new byte[0] : row.object().json());
        if (bytes.size() > BYTES_MAX) {
          return new byte[0];
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static List<Applied> read(byte[] bytes) {
    List<Applied> rows = new ArrayList<>();
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      while (in.available() > 0) {
        long revision = in.readLong();
        String id = Wire.readText(in);
        long sequence = in.readLong();
        boolean removed = in.readBoolean();
        byte[] json = Wire.readBytes(in);
        CachedObject object =
            json.length == 0 ? null : new CachedObject(ObjectKey.parse(id), revision, json);
        rows.add(new Applied(revision, id, sequence, removed, object));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }
}

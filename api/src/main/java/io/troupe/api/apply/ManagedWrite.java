package io.troupe.api.apply;

import io.troupe.api.kinds.Kind;
import io.troupe.api.kinds.Schema;

/**
 * A write as field management sees it.
 *
 * @param schema of the whole object, in the write's version
 * @param apiVersion of the request, for example {@code apps/v1}
 * @param kind of the object
 * @param subresource "" for the object itself
 * @param reset fields that this path of writing cannot change; see {@link ResetFields}
 * @param manager the field manager, "" for unknown
 * @param time of the write: RFC 3339, UTC, whole seconds ({@code 2026-01-02T03:04:05Z})
 */
public record ManagedWrite(
    Schema schema,
    String apiVersion,
    String kind,
    String subresource,
    FieldSet reset,
    String manager,
    String time) {

  /** A write through a kind's resource or one of its subresources. */
  public static ManagedWrite of(Kind kind, String subresource, String manager, String time) {
    return new ManagedWrite(
        kind.schema(),
        kind.resource().apiVersion(),
        kind.resource().kind(),
        subresource,
        ResetFields.of(kind, subresource),
        manager,
        time);
  }

  ManagedWrite by(String otherManager) {
    return new ManagedWrite(schema, apiVersion, kind, subresource, reset, otherManager, time);
  }

  ManagerId updateId() {
    return ManagerId.update(manager, apiVersion, subresource);
  }

  ManagerId applyId() {
    return ManagerId.apply(manager, subresource);
  }
}

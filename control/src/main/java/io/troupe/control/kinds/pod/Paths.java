package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.Errors;
import io.troupe.control.kinds.field.FieldPath;
import java.util.List;

/** File paths inside pods. */
final class Paths {
  private Paths() {}

  /** Relative, and never upwards. */
  static void descending(String target, FieldPath path, Errors errors) {
    if (target.startsWith("/")) {
      errors.invalid(path, target, "must be a relative path");
    }
    noBacksteps(target, path, errors);
  }

  static void noBacksteps(String target, FieldPath path, Errors errors) {
    if (hasBackstep(target)) {
      errors.invalid(path, target, "must not contain '..'");
    }
  }

  static boolean hasBackstep(String target) {
    return target.contains("..") && List.of(target.split("/", -1)).contains("..");
  }

  /** Descending, and not a name that the kubelet keeps for itself. */
  static void nonReserved(At at, String field) {
    String target = at.text(field);
    descending(target, at.at(field), at.errors());
    if (target.startsWith("..") && !target.startsWith("../")) {
      at.errors().invalid(at.at(field), target, "must not start with '..'");
    }
  }
}

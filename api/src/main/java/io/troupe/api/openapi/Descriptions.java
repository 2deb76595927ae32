package io.troupe.api.openapi;

/** What definitions and their fields are for, in prose; "" where nobody said. */
public interface Descriptions {
  /** Nothing is described. */
  Descriptions NONE = (definition, field) -> "";

  /**
   * The description of a definition's field, of the definition itself when the field is "".
   *
   * @param definition for example {@code io.k8s.api.core.v1.PodSpec}
   */
  String of(String definition, String field);
}

package io.troupe.control.kinds.field;

/**
 * Where in an object a value stands, for example {@code spec.containers[0].image}. Text is made
 * only when an error needs it.
 */
public final class FieldPath {
  public static final FieldPath ROOT = new FieldPath(null, "", -1, false);
  public static final FieldPath METADATA = of("metadata");
  public static final FieldPath SPEC = of("spec");
  public static final FieldPath STATUS = of("status");

  private final FieldPath parent;
  private final String name;
  private final int index;
  private final boolean key;

  private FieldPath(FieldPath parent, String name, int index, boolean key) {
    this.parent = parent;
    this.name = name;
    this.index = index;
    this.key = key;
  }

  public static FieldPath of(String first, String... more) {
    FieldPath path = new FieldPath(null, first, -1, false);
    for (String step : more) {
      path = path.child(step);
    }
    return path;
  }

  public FieldPath child(String field) {
    return new FieldPath(this, field, -1, false);
  }

  public FieldPath child(String first, String second) {
    return child(first).child(second);
  }

  public FieldPath index(int position) {
    return new FieldPath(this, "", position, false);
  }

  /** An entry of a map: {@code data[key]}. */
  public FieldPath key(String entry) {
    return new FieldPath(this, entry, -1, true);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    write(text);
    return text.toString();
  }

  private void write(StringBuilder text) {
    if (parent != null) {
      parent.write(text);
    }
    if (index >= 0) {
      text.append('[').append(index).append(']');
    } else if (key) {
      text.append('[').append(name).append(']');
    } else {
      text.append(text.isEmpty() ? "" : ".").append(name);
    }
  }
}

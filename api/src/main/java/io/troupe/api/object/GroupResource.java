package io.troupe.api.object;

/** A resource type without its version, for example {@code deployments.apps} or {@code pods}. */
public record GroupResource(String group, String resource) {

  /** Reads the form that {@link #toString()} writes; the core group is empty. */
  public static GroupResource parse(String text) {
    int dot = text.indexOf('.');
    return dot < 0
        ? new GroupResource("", text)
        : new GroupResource(text.substring(dot + 1), text.substring(0, dot));
  }

  @Override
  public String toString() {
    return group.isEmpty() ? resource : resource + "." + group;
  }
}

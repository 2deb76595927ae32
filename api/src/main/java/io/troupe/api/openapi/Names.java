package io.troupe.api.openapi;

import io.troupe.api.object.Resource;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Parts of upstream's operation ids and tags: {@code AppsV1}, {@code rbacAuthorization_v1}. */
record Names(Resource type) {

  /**
   * {@code rbac.authorization.k8s.io} is {@code RbacAuthorization}, the core group {@code Core}.
   */
  private String group() {
    String name = type.group().isEmpty() ? "core" : type.group().replaceAll("\\.k8s\\.io$", "");
    return Stream.of(name.split("\\.")).map(PathWriter::capital).collect(Collectors.joining());
  }

  String version() {
    return group() + PathWriter.capital(type.version());
  }

  String tag() {
    String group = group();
    return group.substring(0, 1).toLowerCase(Locale.ROOT)
        + group.substring(1)
        + "_"
        + type.version();
  }

  String kind(boolean namespaced) {
    return (namespaced ? "Namespaced" : "") + type.kind();
  }
}

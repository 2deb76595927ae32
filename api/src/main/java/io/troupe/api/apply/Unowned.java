package io.troupe.api.apply;

/** Fields that are set by the server or name the object: no manager ever owns them. */
final class Unowned {
  static final FieldSet FIELDS =
      FieldSet.ofFields(
          "apiVersion",
          "kind",
          "metadata",
          "metadata.name",
          "metadata.namespace",
          "metadata.creationTimestamp",
          "metadata.selfLink",
          "metadata.uid",
          "metadata.clusterName",
          "metadata.generation",
          "metadata.managedFields",
          "metadata.resourceVersion");

  private Unowned() {}
}

package io.troupe.control.kinds.pod;

import io.troupe.api.object.Meta;
import io.troupe.control.kinds.field.At;
import io.troupe.control.kinds.field.MetadataCheck;
import io.troupe.control.kinds.field.Selectors;
import java.util.List;

/** A pod template inside another object. */
public final class TemplateCheck {
  private TemplateCheck() {}

  public static void template(At template) {
    At metadata = template.child("metadata");
    MetadataCheck.labels(metadata.node().get("labels"), template.at("labels"), template.errors());
    MetadataCheck.annotations(
        metadata.node().get("annotations"), template.at("annotations"), template.errors());
    At spec = template.child("spec");
    PodSpecCheck.spec(spec, "", false);
    spec.mayNot("ephemeralContainers", "ephemeral containers not allowed in pod template");
  }

  /**
   * The template of a controller that keeps its pods running.
   *
   * @param owner the kind, for the message
   */
  public static void alwaysRestarting(At template, String owner) {
    template(template);
    At spec = template.child("spec");
    if (!spec.text("restartPolicy").equals("Always")) {
      spec.errors()
          .notSupported(spec.at("restartPolicy"), spec.text("restartPolicy"), List.of("Always"));
    }
    if (spec.has("activeDeadlineSeconds")) {
      spec.forbidden(
          "activeDeadlineSeconds", "activeDeadlineSeconds in " + owner + " is not Supported");
    }
  }

  /** A selector and the template that it must select. */
  public static void selector(At spec, String ownerInLowerCase) {
    if (!spec.has("selector")) {
      spec.errors().required(spec.at("selector"), "");
      return;
    }
    At selector = spec.child("selector");
    Selectors.check(selector);
    if (Selectors.isEmpty(selector.node())) {
      selector.invalid("empty selector is invalid for " + ownerInLowerCase);
    } else if (!Selectors.matches(selector.node(), Meta.labels(spec.node().path("template")))) {
      At metadata = spec.child("template").child("metadata");
      metadata.invalid("labels", "`selector` does not match template `labels`");
    }
  }
}

package io.troupe.control.kinds.pod;

import io.troupe.control.kinds.field.At;
import java.util.List;

/** Restart policies and rules of single containers (KEP-753, KEP-5307). */
final class RestartCheck {
  private static final List<String> POLICIES = List.of("Always", "Never", "OnFailure");

  private RestartCheck() {}

  static void container(At container) {
    boolean rules = !container.lacks("restartPolicyRules");
    if (!container.has("restartPolicy")) {
      if (rules) {
        container
            .errors()
            .required(
                container.at("restartPolicy"),
                "must specify restartPolicy when restart rules are used");
      } else {
        return;
      }
    }
    container.oneOf("restartPolicy", POLICIES);
    if (container.node().path("restartPolicyRules").size() > 20) {
      container
          .errors()
          .tooMany(
              container.at("restartPolicyRules"),
              container.node().path("restartPolicyRules").size(),
              20);
    }
    container.each("restartPolicyRules", RestartCheck::rule);
  }

  private static void rule(At rule) {
    rule.oneOf("action", List.of("Restart", "RestartAllContainers"));
    if (!rule.has("exitCodes")) {
      rule.errors().required(rule.at("exitCodes"), "must be specified");
      return;
    }
    At codes = rule.child("exitCodes");
    codes.oneOf("operator", List.of("In", "NotIn"));
    if (codes.node().path("values").size() > 255) {
      codes.errors().tooMany(codes.at("values"), codes.node().path("values").size(), 255);
    }
  }
}

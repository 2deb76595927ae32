package io.troupe.control.apiserver.rest;

import io.troupe.persistence.store.Request;
import io.troupe.persistence.store.Request.User;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What is asked before a command goes to its object: rules about the user, and what must be
 * allocated elsewhere. Every method may throw a refusal.
 */
public interface EdgeAdmission {

  /** Completes with the body to create, which may have been added to. */
  CompletionStage<byte[]> create(User user, Target target, byte[] json, boolean dryRun);

  /** An update or posted subresource, with its body; a patch, with null. */
  void change(User user, Target target, Request request, byte[] json);

  void delete(User user, Target target);

  /** One after the other. */
  static EdgeAdmission all(List<EdgeAdmission> plugins) {
    return new EdgeAdmission() {
      @Override
      public CompletionStage<byte[]> create(
          User user, Target target, byte[] json, boolean dryRun) {
        CompletionStage<byte[]> body = CompletableFuture.completedFuture(json);
        for (EdgeAdmission plugin : plugins) {
          body = body.thenCompose(bytes -> plugin.create(user, target, bytes, dryRun));
        }
        return body;
      }

      @Override
      public void change(User user, Target target, Request request, byte[] json) {
        plugins.forEach(plugin -> plugin.change(user, target, request, json));
      }

      @Override
      public void delete(User user, Target target) {
        plugins.forEach(plugin -> plugin.delete(user, target));
      }
    };
  }
}

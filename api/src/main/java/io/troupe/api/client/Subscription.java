package io.troupe.api.client;

/** Stops a watch or a follower; safe to call twice. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}

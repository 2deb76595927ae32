package io.troupe.control.controllers;

import java.util.List;

/**
 * One concern of the cluster, kept true by reconciling.
 *
 * <p>{@code reconcile} must be pure: the same round gives the same plan, and a round over the state
 * that its own plan has led to gives an empty one.
 */
public interface Controller {

  /** As upstream names it, for example {@code replicaset}; it acts as {@code <name>-controller}. */
  String name();

  List<Input> inputs();

  /** What it writes; two controllers with an equal output are refused at start. */
  List<Output> outputs();

  Plan reconcile(Round round);

  /** The component that events name as their source. */
  default String component() {
    return name() + "-controller";
  }
}

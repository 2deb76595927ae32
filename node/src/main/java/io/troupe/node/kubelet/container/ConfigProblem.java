package io.troupe.node.kubelet.container;

/** A container cannot be configured: shown as {@code CreateContainerConfigError}. */
public final class ConfigProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigProblem(String message) {
    super(message, null, false, false);
  }
}

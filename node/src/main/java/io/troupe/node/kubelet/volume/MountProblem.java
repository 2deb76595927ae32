package io.troupe.node.kubelet.volume;

/** A volume cannot be set up now; the message says why, in upstream's words where it has some. */
public final class MountProblem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MountProblem(String message) {
    super(message, null, false, false);
  }
}

package io.troupe.node.kubelet.probe;

/**
 * Consecutive equal outcomes of one probe; the standing result changes when they reach the
 * threshold.
 *
 * @param last the latest outcome
 * @param run how many of them in a row
 */
public record ProbeTally(boolean last, int run) {
  public static final ProbeTally NONE = new ProbeTally(false, 0);

  public ProbeTally with(boolean success) {
    return new ProbeTally(success, run > 0 && success == last ? run + 1 : 1);
  }

  public boolean decides(int successThreshold, int failureThreshold) {
    return run >= (last ? successThreshold : failureThreshold);
  }
}

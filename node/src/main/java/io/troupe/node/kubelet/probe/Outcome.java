package io.troupe.node.kubelet.probe;

/** What a call to a container came to, with a text for events. */
public record Outcome(boolean success, String output) {
  static Outcome failure(String output) {
    return new Outcome(false, output);
  }
}

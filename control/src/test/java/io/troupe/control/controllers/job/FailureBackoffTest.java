package io.troupe.control.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureBackoffTest {
  private static ObjectNode pod(String uid) {
    return Json.parse(
        "{\"metadata\":{\"uid\":\"%s\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"}}"
            .formatted(uid));
  }

  @Test
  void shouldCountAFailureOnceHoweverOftenItIsListed() {
    FailureBackoff once = FailureBackoff.NONE.after(List.of(), List.of(pod("a"), pod("b")));
    FailureBackoff again = once.after(List.of(), List.of(pod("a"), pod("b")));
    assertThat(again.failures()).isEqualTo(2);
    assertThat(again.after(List.of(), List.of(pod("c"))).failures()).isEqualTo(3);
  }

  @Test
  void shouldForgetFailuresAfterASuccess() {
    FailureBackoff failed = FailureBackoff.NONE.after(List.of(), List.of(pod("a")));
    assertThat(failed.after(List.of(pod("b")), List.of()).failures()).isZero();
  }
}

package io.troupe.control.controllers.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Completion indexes, and their text form {@code 1,3-5,7}. */
final class Indexes {
  static final String ANNOTATION = "batch.kubernetes.io/job-completion-index";
  private static final String FORM = "[0-9]{1,9}(-[0-9]{1,9})?";

  private Indexes() {}

  /** Reads the text form, without indexes at or above the limit. */
  static BitSet parse(String text, int limit) {
    BitSet indexes = new BitSet();
    if (text.isEmpty()) {
      return indexes;
    }
    for (String part : text.split(",")) {
      if (!part.matches(FORM)) {
        continue;
      }
      int dash = part.indexOf('-');
      int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
      if (first < limit && first <= last) {
        indexes.set(first, Math.min(last, limit - 1) + 1);
      }
    }
    return indexes;
  }

  static String format(BitSet indexes) {
    List<String> parts = new ArrayList<>();
    for (int first = indexes.nextSetBit(0); first >= 0; ) {
      int end = indexes.nextClearBit(first);
      int last = end - 1;
      if (last == first) {
        parts.add(Integer.toString(first));
      } else {
        parts.add(first + (last == first + 1 ? "," : "-") + last);
      }
      first = indexes.nextSetBit(end);
    }
    return String.join(",", parts);
  }

  /** A pod's index, -1 when it has none. */
  static int of(JsonNode pod) {
    String text = Meta.annotations(pod).getOrDefault(ANNOTATION, "");
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
  }
}

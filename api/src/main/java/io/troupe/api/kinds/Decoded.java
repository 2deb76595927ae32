package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What became of a body that was read against a schema.
 *
 * @param object pruned and in canonical form; null when there is a fault
 * @param fault why the body is none of the kind, in upstream's words, or ""
 * @param strictErrors unknown and duplicate fields, for example {@code unknown field "spec.foo"}
 * @param apiVersion what the body says of itself, "" when it does not; known despite a fault
 * @param kind likewise
 */
public record Decoded(
    ObjectNode object, String fault, List<String> strictErrors, String apiVersion, String kind) {
  private static final int SUMMARY_BYTES_MAX = 30;

  /**
   * The refusal of a body that cannot be used under a way of field validation.
   *
   * @param expected the kind that the request is for
   * @param expectedVersion its version, without the group
   * @param body the bytes, for a summary where they are no JSON
   */
  public Optional<Refusal> refusal(
      FieldValidation mode, String expected, String expectedVersion, byte[] body) {
    if (!fault.isEmpty() && isUnreadable()) {
      return Optional.of(
          Refusal.badRequest(
              "the object provided is unrecognized (must be of type %s): %s (%s)"
                  .formatted(expected, fault, summary(body))));
    }
    String why = fault;
    if (why.isEmpty() && mode == FieldValidation.STRICT && !strictErrors.isEmpty()) {
      why = strictError();
    }
    return why.isEmpty()
        ? Optional.empty()
        : Optional.of(cannotBeHandled(expected, expectedVersion, why));
  }

  private Refusal cannotBeHandled(String expected, String expectedVersion, String why) {
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    return Refusal.badRequest(
        "%s in version \"%s\" cannot be handled as a %s: %s"
            .formatted(
                kind.isEmpty() ? expected : kind,
                version.isEmpty() ? expectedVersion : version,
                expected,
                why));
  }

  private boolean isUnreadable() {
    return fault.startsWith(GoSyntax.PREFIX);
  }

  /** All strict errors as one text. */
  public String strictError() {
    return "strict decoding error: " + String.join(", ", strictErrors);
  }

  /** Texts for {@code Warning} headers. */
  public List<String> warnings(FieldValidation mode) {
    return mode == FieldValidation.WARN ? strictErrors : List.of();
  }

  private static String summary(byte[] body) {
    if (body.length == 0) {
      return "<empty>";
    }
    byte[] head = Arrays.copyOf(body, Math.min(body.length, SUMMARY_BYTES_MAX));
    String text =
        body[0] == '{' ? new String(head, StandardCharsets.UTF_8) : HexFormat.of().formatHex(head);
    return body.length > SUMMARY_BYTES_MAX ? text + " ..." : text;
  }
}

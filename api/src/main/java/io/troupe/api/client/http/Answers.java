package io.troupe.api.client.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Reads what a server answered. */
final class Answers {
  private static final int SHOWN_CHARS_MAX = 200;

  private Answers() {}

  /** The object of an answer; a refusal is thrown. */
  static ObjectNode object(int code, byte[] body) {
    if (code / 100 != 2) {
      throw new RefusedException(refusal(code, body));
    }
    return body.length == 0 ? Json.object() : Json.parse(body);
  }

  static Refusal refusal(int code, byte[] body) {
    try {
      JsonNode read = Json.MAPPER.readTree(body);
      if (read instanceof ObjectNode status && Json.text(status, "kind").equals("Status")) {
        return Refusal.fromStatus(code, status);
      }
    } catch (IOException e) {
      // A proxy or a health check in between answers in plain text.
      return plain(code, body);
    }
    return plain(code, body);
  }

  private static Refusal plain(int code, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    String shown = text.substring(0, Math.min(text.length(), SHOWN_CHARS_MAX));
    return new Refusal(
        code, reason(code), "the server answered " + code + ": " + shown, "", "", "", List.of(), 0);
  }

  private static String reason(int code) {
    return switch (code) {
      case 400 -> "BadRequest";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "NotFound";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 429 -> "TooManyRequests";
      case 503 -> "ServiceUnavailable";
      default -> code >= 500 ? "InternalError" : "Unknown";
    };
  }
}

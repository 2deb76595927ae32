package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Where the next page of a list begins: all pages show one revision. The form is upstream's
 * (apiserver/pkg/storage/continue.go).
 *
 * @param namespace of the last object that was shown
 * @param name likewise
 */
record ContinueToken(long revision, String namespace, String name) {
  private static final String VERSION = "meta.k8s.io/v1";

  static ContinueToken parse(String text) {
    try {
      ObjectNode token =
          Json.parse(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
      String start = Json.text(token, "start");
      int slash = start.lastIndexOf('/');
      if (!Json.text(token, "v").equals(VERSION) || slash < 0 || !start.endsWith("\0")) {
        throw invalid();
      }
      return new ContinueToken(
          Json.number(token, 0, "rv"),
          start.substring(0, slash),
          start.substring(slash + 1, start.length() - 1));
    } catch (IllegalArgumentException | UncheckedIOException | ClassCastException e) {
      throw invalid();
    }
  }

  private static RefusedException invalid() {
    return new RefusedException(
        Refusal.badRequest("continue key is not valid: illegal base64 data or unknown version"));
  }

  @Override
  public String toString() {
    ObjectNode token = Json.object().put("v", VERSION).put("rv", revision);
    token.put("start", namespace + "/" + name + "\0");
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(token));
  }
}

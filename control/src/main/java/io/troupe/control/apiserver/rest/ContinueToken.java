package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Refusal;
import io.troupe.api.object.RefusedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Where the next page of a list begins: after an object, in the snapshot of a revision. */
record ContinueToken(long revision, String namespace, String name) {

  String encode() {
    ObjectNode json =
        Json.object()
            .put("v", "meta.k8s.io/v1")
            .put("rv", revision)
            .put("start", namespace + "/" + name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
  }

  static ContinueToken decode(String text) {
    try {
      ObjectNode json =
          Json.parse(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
      String start = Json.text(json, "start");
      int slash = start.indexOf('/');
      long revision = Json.number(json, 0, "rv");
      if (slash >= 0 && revision > 0) {
        return new ContinueToken(revision, start.substring(0, slash), start.substring(slash + 1));
      }
    } catch (RuntimeException malformed) {
      throw new RefusedException(
          Refusal.badRequest("continue key is not valid: " + malformed.getMessage()));
    }
    throw new RefusedException(Refusal.badRequest("continue key is not valid"));
  }
}

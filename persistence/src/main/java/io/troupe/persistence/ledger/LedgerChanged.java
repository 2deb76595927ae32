package io.troupe.persistence.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.journal.JournalEvent;
import io.troupe.persistence.journal.JournalFailure;
import io.troupe.persistence.journal.JournalRow;
import java.util.Map;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** What happened to a ledger; as JSON {@code {"claim":…,"granted":…}} or {@code {"claims":{…}}}. */
public abstract sealed class LedgerChanged implements JournalEvent {
  static final String GRANTED = "ledger-granted";
  static final String RELEASED = "ledger-released";
  static final String IMAGE = "ledger-image";

  private JournalFailure failure;

  /** Reads a row. */
  public static LedgerChanged of(JournalRow row) {
    ObjectNode json = Json.parse(row.payload());
    return switch (row.manifest()) {
      case GRANTED -> new Granted(Json.text(json, "claim"), (ObjectNode) json.get("granted"));
      case RELEASED -> new Released(Json.text(json, "claim"));
      case IMAGE -> new Image(claims(json));
      default -> throw new IllegalArgumentException("not a ledger's: " + row.manifest());
    };
  }

  private static PMap<String, ObjectNode> claims(ObjectNode json) {
    PMap<String, ObjectNode> claims = HashTreePMap.empty();
    for (var claim : json.get("claims").properties()) {
      claims = claims.plus(claim.getKey(), (ObjectNode) claim.getValue());
    }
    return claims;
  }

  abstract PMap<String, ObjectNode> apply(PMap<String, ObjectNode> claims);

  JournalFailure failure() {
    return failure;
  }

  @Override
  public void committed(long revision) {}

  @Override
  public void failed(JournalFailure why) {
    failure = why;
  }

  static final class Granted extends LedgerChanged {
    private final String claim;
    private final ObjectNode granted;

    Granted(String claim, ObjectNode granted) {
      this.claim = claim;
      this.granted = granted;
    }

    @Override
    PMap<String, ObjectNode> apply(PMap<String, ObjectNode> claims) {
      return claims.plus(claim, granted);
    }

    @Override
    public String manifest() {
      return GRANTED;
    }

    @Override
    public byte[] payload() {
      ObjectNode json = Json.object().put("claim", claim);
      json.set("granted", granted);
      return Json.bytes(json);
    }
  }

  static final class Released extends LedgerChanged {
    private final String claim;

    Released(String claim) {
      this.claim = claim;
    }

    @Override
    PMap<String, ObjectNode> apply(PMap<String, ObjectNode> claims) {
      return claims.minus(claim);
    }

    @Override
    public String manifest() {
      return RELEASED;
    }

    @Override
    public byte[] payload() {
      return Json.bytes(Json.object().put("claim", claim));
    }
  }

  /** Everything that is granted after the change. */
  static final class Image extends LedgerChanged {
    private final PMap<String, ObjectNode> claims;

    Image(PMap<String, ObjectNode> claims) {
      this.claims = claims;
    }

    @Override
    PMap<String, ObjectNode> apply(PMap<String, ObjectNode> before) {
      return claims;
    }

    @Override
    public String manifest() {
      return IMAGE;
    }

    @Override
    public byte[] payload() {
      ObjectNode all = Json.object();
      for (Map.Entry<String, ObjectNode> claim : claims.entrySet()) {
        all.set(claim.getKey(), claim.getValue());
      }
      ObjectNode json = Json.object();
      json.set("claims", all);
      return Json.bytes(json);
    }
  }
}

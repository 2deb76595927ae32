package io.troupe.persistence.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.entity.Wire;
import io.troupe.persistence.ledger.LedgerMessage.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Messages of ledgers between members. */
public final class LedgerSerializer extends SerializerWithStringManifest {
  private static final int ID = 776_635_302;

  private final ActorRefResolver references;

  /** Called by Pekko. */
  public LedgerSerializer(ExtendedActorSystem system) {
    references = ActorRefResolver.get(Adapter.toTyped(system));
  }

  @Override
  public int identifier() {
    return ID;
  }

  @Override
  public String manifest(Object message) {
    return switch (message) {
      case LedgerMessage.Claim claim -> "C";
      case LedgerMessage.Release release -> "L";
      case LedgerMessage.Read read -> "R";
      case LedgerMessage.Passivate stop -> "P";
      case Reply.Granted granted -> "g";
      case Reply.Denied denied -> "d";
      case Reply.Released released -> "l";
      case Reply.Claims claims -> "c";
      case Reply.Unknown unknown -> "u";
      default -> throw new IllegalArgumentException("cannot serialise " + message.getClass());
    };
  }

  @Override
  public byte[] toBinary(Object message) {
    var bytes = new ByteArrayOutputStream(256);
    try (var out = new DataOutputStream(bytes)) {
      write(out, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(DataOutputStream out, Object message) throws IOException {
    switch (message) {
      case LedgerMessage.Claim claim -> {
        writeHead(out, claim);
        Wire.writeText(out, claim.claim());
        Wire.writeBytes(out, Json.bytes(claim.wanted()));
        Wire.writeBytes(out, Json.bytes(claim.limits()));
      }
      case LedgerMessage.Release release -> {
        writeHead(out, release);
        Wire.writeText(out, release.claim());
      }
      case LedgerMessage.Read read -> writeHead(out, read);
      case Reply.Granted granted -> Wire.writeBytes(out, Json.bytes(granted.granted()));
      case Reply.Denied denied -> Wire.write(out, denied.refusal());
      case Reply.Claims claims -> {
        out.writeInt(claims.claims().size());
        for (Map.Entry<String, ObjectNode> claim : claims.claims().entrySet()) {
          Wire.writeText(out, claim.getKey());
          Wire.writeBytes(out, Json.bytes(claim.getValue()));
        }
      }
      case Reply.Unknown unknown -> Wire.writeText(out, unknown.why());
      default -> {}
    }
  }

  private void writeHead(DataOutputStream out, LedgerMessage message) throws IOException {
    Wire.writeText(out, message.entity());
    Wire.writeText(out, references.toSerializationFormat(message.replyTo()));
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return switch (manifest) {
        case "C" -> {
          String entity = Wire.readText(in);
          ActorRef<Reply> replyTo = references.resolveActorRef(Wire.readText(in));
          String claim = Wire.readText(in);
          yield new LedgerMessage.Claim(entity, claim, tree(in), tree(in), replyTo);
        }
        case "L" -> {
          String entity = Wire.readText(in);
          ActorRef<Reply> replyTo = references.resolveActorRef(Wire.readText(in));
          yield new LedgerMessage.Release(entity, Wire.readText(in), replyTo);
        }
        case "R" ->
            new LedgerMessage.Read(
                Wire.readText(in), references.resolveActorRef(Wire.readText(in)));
        case "P" -> LedgerMessage.Passivate.INSTANCE;
        case "g" -> new Reply.Granted(tree(in));
        case "d" -> new Reply.Denied(Wire.readRefusal(in));
        case "l" -> new Reply.Released();
        case "c" -> new Reply.Claims(readClaims(in));
        case "u" -> new Reply.Unknown(Wire.readText(in));
        default -> throw new NotSerializableException("unknown message " + manifest);
      };
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, ObjectNode> readClaims(DataInputStream in) throws IOException {
    Map<String, ObjectNode> claims = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      claims.put(Wire.readText(in), tree(in));
    }
    return claims;
  }

  private static ObjectNode tree(DataInputStream in) throws IOException {
    return Json.parse(Wire.readBytes(in));
  }
}

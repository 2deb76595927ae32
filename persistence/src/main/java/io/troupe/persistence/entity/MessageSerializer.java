package io.troupe.persistence.entity;

import io.troupe.persistence.entity.ObjectMessage.Passivate;
import io.troupe.persistence.entity.ObjectMessage.Submit;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** Messages of object actors between members. */
public final class MessageSerializer extends SerializerWithStringManifest {
  private static final int ID = 776_635_301;
  private static final String SUBMIT = "S";
  private static final String PASSIVATE = "P";
  private static final String ENDED = "E";
  private static final String UNKNOWN = "U";
  private static final String COMMITTED = "C";

  private final ActorRefResolver references;

  /** Called by Pekko. */
  public MessageSerializer(ExtendedActorSystem system) {
    references = ActorRefResolver.get(Adapter.toTyped(system));
  }

  @Override
  public int identifier() {
    return ID;
  }

  @Override
  public String manifest(Object message) {
    return switch (message) {
      case Submit submit -> SUBMIT;
      case Passivate passivate -> PASSIVATE;
      case Answer.Ended ended -> ENDED;
      case Answer.Unknown unknown -> UNKNOWN;
      case Committed committed -> COMMITTED;
      default -> throw new IllegalArgumentException("cannot serialise " + message.getClass());
    };
  }

  @Override
  public byte[] toBinary(Object message) {
    var bytes = new ByteArrayOutputStream(1024);
    var out = new DataOutputStream(bytes);
    try {
      switch (message) {
        case Submit submit -> {
          Wire.writeText(out, submit.entity());
          Wire.write(out, submit.command());
          Wire.writeText(out, references.toSerializationFormat(submit.replyTo()));
        }
        case Answer.Ended ended -> Wire.write(out, ended.outcome());
        case Answer.Unknown unknown -> Wire.writeText(out, unknown.why());
        case Committed committed -> {
          out.writeLong(committed.firstRevision());
          out.writeLong(committed.lastRevision());
          Wire.writeBytes(out, committed.rows());
        }
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      return switch (manifest) {
        case SUBMIT ->
            new Submit(
                Wire.readText(in),
                Wire.readCommand(in),
                references.resolveActorRef(Wire.readText(in)));
        case PASSIVATE -> Passivate.INSTANCE;
        case ENDED -> new Answer.Ended(Wire.readOutcome(in));
        case COMMITTED -> new Committed(in.readLong(), in.readLong(), Wire.readBytes(in));
        case UNKNOWN -> new Answer.Unknown(Wire.readText(in));
        default -> throw new NotSerializableException("unknown message " + manifest);
      };
    } catch (NotSerializableException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.troupe.persistence.entity;

import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.ObjectKey;
import io.troupe.api.object.Refusal;
import io.troupe.persistence.store.CachedObject;
import io.troupe.persistence.store.Command;
import io.troupe.persistence.store.Outcome;
import io.troupe.persistence.store.Request;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Commands and outcomes as bytes, for members that run the same version. */
public final class Wire {
  private Wire() {}

  static void write(DataOutput out, Command command) throws IOException {
    switch (command) {
      case Command.CreateObject create -> {
        out.writeByte(1);
        write(out, create.request());
        writeBytes(out, create.body());
      }
      case Command.ReplaceObject replace -> {
        out.writeByte(2);
        write(out, replace.request());
        writeBytes(out, replace.body());
      }
      case Command.PatchObject patch -> {
        out.writeByte(3);
        write(out, patch.request());
        writeText(out, patch.type().name());
        writeBytes(out, patch.patch());
        out.writeBoolean(patch.force());
      }
      case Command.DeleteObject delete -> {
        out.writeByte(4);
        write(out, delete.request());
        out.writeLong(delete.options().gracePeriodSeconds());
        writeText(out, delete.options().propagation());
        writeText(out, delete.options().uid());
        writeText(out, delete.options().resourceVersion());
      }
      case Command.PostSubresource post -> {
        out.writeByte(5);
        write(out, post.request());
        writeBytes(out, post.body());
      }
    }
  }

  static Command readCommand(DataInput in) throws IOException {
    int sort = in.readByte();
    Request request = readRequest(in);
    return switch (sort) {
      case 1 -> new Command.CreateObject(request, readBytes(in));
      case 2 -> new Command.ReplaceObject(request, readBytes(in));
      case 3 ->
          new Command.PatchObject(
              request, PatchType.valueOf(readText(in)), readBytes(in), in.readBoolean());
      case 4 ->
          new Command.DeleteObject(
              request, new DeleteOptions(in.readLong(), readText(in), readText(in), readText(in)));
      case 5 -> new Command.PostSubresource(request, readBytes(in));
      default -> throw new IOException("unknown command " + sort);
    };
  }

  private static void write(DataOutput out, Request request) throws IOException {
    writeText(out, request.verb());
    writeText(out, request.apiVersion());
    writeText(out, request.kind());
    writeText(out, request.subresource());
    writeText(out, request.user().name());
    writeText(out, request.user().uid());
    writeTexts(out, request.user().groups());
    out.writeInt(request.user().extra().size());
    for (Map.Entry<String, List<String>> extra : request.user().extra().entrySet()) {
      writeText(out, extra.getKey());
      writeTexts(out, extra.getValue());
    }
    writeText(out, request.user().impersonator());
    writeText(out, request.userAgent());
    writeText(out, request.requestId());
    writeText(out, request.fieldManager());
    writeText(out, request.fieldValidation());
    out.writeBoolean(request.dryRun());
    out.writeLong(request.timeMillis());
    writeText(out, request.newUid());
  }

  private static Request readRequest(DataInput in) throws IOException {
    return new Request(
        readText(in),
        readText(in),
        readText(in),
        readText(in),
        readUser(in),
        readText(in),
        readText(in),
        readText(in),
        readText(in),
        in.readBoolean(),
        in.readLong(),
        readText(in));
  }

  private static Request.User readUser(DataInput in) throws IOException {
    String name = readText(in);
    String uid = readText(in);
    List<String> groups = readTexts(in);
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      extra.put(readText(in), readTexts(in));
    }
    return new Request.User(name, uid, groups, extra, readText(in));
  }

  static void write(DataOutput out, Outcome outcome) throws IOException {
    switch (outcome) {
      case Outcome.Done done -> {
        out.writeByte(1);
        writeText(out, done.effect().name());
        writeText(out, done.object().key().toString());
        out.writeLong(done.object().revision());
        writeBytes(out, done.object().json());
        writeTexts(out, done.warnings());
      }
      case Outcome.Refused refused -> {
        out.writeByte(2);
        write(out, refused.refusal());
      }
    }
  }

  static Outcome readOutcome(DataInput in) throws IOException {
    if (in.readByte() == 2) {
      return new Outcome.Refused(readRefusal(in));
    }
    Outcome.Effect effect = Outcome.Effect.valueOf(readText(in));
    var object = new CachedObject(ObjectKey.parse(readText(in)), in.readLong(), readBytes(in));
    return new Outcome.Done(effect, object, readTexts(in));
  }

  public static void write(DataOutput out, Refusal refusal) throws IOException {
    out.writeInt(refusal.code());
    writeText(out, refusal.reason());
    writeText(out, refusal.message());
    writeText(out, refusal.group());
    writeText(out, refusal.kind());
    writeText(out, refusal.name());
    out.writeInt(refusal.causes().size());
    for (Refusal.Cause cause : refusal.causes()) {
      writeText(out, cause.reason());
      writeText(out, cause.message());
      writeText(out, cause.field());
    }
    out.writeInt(refusal.retryAfterSeconds());
  }

  public static Refusal readRefusal(DataInput in) throws IOException {
    int code = in.readInt();
    String reason = readText(in);
    String message = readText(in);
    String group = readText(in);
    String kind = readText(in);
    String name = readText(in);
    List<Refusal.Cause> causes = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      causes.add(new Refusal.Cause(readText(in), readText(in), readText(in)));
    }
    return new Refusal(code, reason, message, group, kind, name, causes, in.readInt());
  }

  public static void writeText(DataOutput out, String text) throws IOException {
    writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  public static String readText(DataInput in) throws IOException {
    return new String(readBytes(in), StandardCharsets.UTF_8);
  }

  public static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  public static byte[] readBytes(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return bytes;
  }

  private static void writeTexts(DataOutput out, List<String> texts) throws IOException {
    out.writeInt(texts.size());
    for (String text : texts) {
      writeText(out, text);
    }
  }

  private static List<String> readTexts(DataInput in) throws IOException {
    List<String> texts = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      texts.add(readText(in));
    }
    return texts;
  }
}

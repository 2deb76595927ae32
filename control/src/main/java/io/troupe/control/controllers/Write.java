package io.troupe.control.controllers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.DeleteOptions;
import io.troupe.api.client.KubeClient.PatchType;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.List;

/** One step of a plan. */
public sealed interface Write {

  /** Creates; the body carries its name, so that doing it twice is refused the second time. */
  record Create(Resource type, ObjectNode body) implements Write {}

  /**
   * Replaces the object or, when it is not "", its subresource; the body's resourceVersion guards
   * it.
   */
  record Update(Resource type, String subresource, ObjectNode body) implements Write {}

  record Patch(
      Resource type,
      String namespace,
      String name,
      String subresource,
      PatchType how,
      JsonNode patch)
      implements Write {}

  /** Deletes; that it is gone already is success. */
  record Delete(Resource type, String namespace, String name, DeleteOptions options)
      implements Write {}

  record Post(Resource type, String namespace, String name, String subresource, ObjectNode body)
      implements Write {}

  /**
   * Tells users what happened to an object.
   *
   * @param severity {@code Normal} or {@code Warning}
   */
  record EmitEvent(Resource type, ObjectNode about, String severity, String reason, String message)
      implements Write {

    public static EmitEvent normal(Resource type, ObjectNode about, String reason, String text) {
      return new EmitEvent(type, about, "Normal", reason, text);
    }

    public static EmitEvent warning(Resource type, ObjectNode about, String reason, String text) {
      return new EmitEvent(type, about, "Warning", reason, text);
    }
  }

  /**
   * A write that is followed by an event.
   *
   * @param done told after success, may be null
   * @param failed told after a refusal, with the refusal's message appended to its own; may be null
   */
  record Announced(Write write, EmitEvent done, EmitEvent failed) implements Write {}

  /**
   * Independent writes, done at the same time in groups of 1, 2, 4, 8 …, so that a refusal that all
   * of them would meet (a quota) is met by few.
   */
  record Batch(List<Write> writes) implements Write {}

  /** Done only if the API server itself confirms each guard now; else the key is tried again. */
  record Guarded(List<Guard> guards, Write write) implements Write {}

  /** Something that a lagging view cannot be trusted with. */
  sealed interface Guard {
    /** No object of this name has this uid. */
    record Absent(Resource type, String namespace, String name, String uid) implements Guard {}

    /** The namespace has no object of the type. */
    record Empty(Resource type, String namespace) implements Guard {}

    /** A {@code SubjectAccessReview} is answered with allowed. */
    record Allowed(ObjectNode review) implements Guard {}
  }

  static Write updateStatus(Resource type, ObjectNode body) {
    return new Update(type, "status", body);
  }

  static Write update(Resource type, ObjectNode body) {
    return new Update(type, "", body);
  }

  static Write merge(Resource type, JsonNode object, ObjectNode patch) {
    return new Patch(type, Meta.namespace(object), Meta.name(object), "", PatchType.MERGE, patch);
  }

  static Write mergeStatus(Resource type, JsonNode object, ObjectNode patch) {
    return new Patch(
        type, Meta.namespace(object), Meta.name(object), "status", PatchType.MERGE, patch);
  }

  static Write delete(Resource type, JsonNode object) {
    return new Delete(
        type,
        Meta.namespace(object),
        Meta.name(object),
        DeleteOptions.background(Meta.uid(object)));
  }
}

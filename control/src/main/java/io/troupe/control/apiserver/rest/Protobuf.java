package io.troupe.control.apiserver.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** {@code application/vnd.kubernetes.protobuf}: bodies with their {@code k8s\0} envelope. */
public interface Protobuf {
  byte[] encode(ObjectNode object);

  /** Refuses malformed bodies with a 400. */
  ObjectNode decode(byte[] body);
}

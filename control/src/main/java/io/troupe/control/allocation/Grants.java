package io.troupe.control.allocation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.persistence.store.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was claimed for one command. It travels sealed in front of the command's body, which the
 * store does not read: a byte that no JSON begins with, the grants as one line of JSON, the body.
 *
 * @param exhausted sorts of which nothing is left, where the write goes on without
 */
record Grants(
    List<String> addresses, List<Integer> ports, List<String> podCidrs, boolean exhausted) {
  static final Grants NONE = new Grants(List.of(), List.of(), List.of(), false);
  private static final byte SEAL = 1;

  Grants withAddress(String address) {
    return new Grants(appended(addresses, address), ports, podCidrs, exhausted);
  }

  Grants withPort(int port) {
    return new Grants(addresses, appended(ports, port), podCidrs, exhausted);
  }

  Grants withPodCidr(String cidr) {
    return new Grants(addresses, ports, appended(podCidrs, cidr), exhausted);
  }

  Grants withExhausted() {
    return new Grants(addresses, ports, podCidrs, true);
  }

  private static <T> List<T> appended(List<T> list, T item) {
    return Stream.concat(list.stream(), Stream.of(item)).toList();
  }

  /** The command with these grants in front of its body. */
  Command seal(Command command) {
    if (equals(NONE)) {
      return command;
    }
    return switch (command) {
      case Command.CreateObject c -> new Command.CreateObject(c.request(), sealed(c.body()));
      case Command.ReplaceObject c -> new Command.ReplaceObject(c.request(), sealed(c.body()));
      case Command.PatchObject c ->
          new Command.PatchObject(c.request(), c.type(), sealed(c.patch()), c.force());
      case Command.DeleteObject c -> c;
      case Command.PostSubresource c -> c;
    };
  }

  private byte[] sealed(byte[] body) {
    ObjectNode json = Json.object();
    addresses.forEach(json.putArray("addresses")::add);
    ports.forEach(json.putArray("ports")::add);
    podCidrs.forEach(json.putArray("podCidrs")::add);
    byte[] head = Json.bytes(json.put("exhausted", exhausted));
    byte[] all = new byte[head.length + body.length + 2];
    all[0] = SEAL;
    System.arraycopy(head, 0, all, 1, head.length);
    all[head.length + 1] = '\n';
    System.arraycopy(body, 0, all, head.length + 2, body.length);
    return all;
  }

  static boolean isSealed(Command command) {
    byte[] body = body(command);
    return body.length > 0 && body[0] == SEAL;
  }

  static Grants of(Command command) {
    byte[] body = body(command);
    if (body.length == 0 || body[0] != SEAL) {
      return NONE;
    }
    JsonNode json = Json.parse(new String(body, 1, end(body) - 1, StandardCharsets.UTF_8));
    List<String> addresses = new ArrayList<>();
    json.get("addresses").forEach(a -> addresses.add(a.textValue()));
    List<Integer> ports = new ArrayList<>();
    json.get("ports").forEach(p -> ports.add(p.intValue()));
    List<String> cidrs = new ArrayList<>();
    json.get("podCidrs").forEach(c -> cidrs.add(c.textValue()));
    return new Grants(addresses, ports, cidrs, Json.flag(json, false, "exhausted"));
  }

  /** The command as the client sent it. */
  static Command unsealed(Command command) {
    if (!isSealed(command)) {
      return command;
    }
    return switch (command) {
      case Command.CreateObject c -> new Command.CreateObject(c.request(), rest(c.body()));
      case Command.ReplaceObject c -> new Command.ReplaceObject(c.request(), rest(c.body()));
      case Command.PatchObject c ->
          new Command.PatchObject(c.request(), c.type(), rest(c.patch()), c.force());
      case Command.DeleteObject c -> c;
      case Command.PostSubresource c -> c;
    };
  }

  private static byte[] rest(byte[] body) {
    return Arrays.copyOfRange(body, end(body) + 1, body.length);
  }

  private static int end(byte[] body) {
    int i = 0;
    while (body[i] != '\n') {
      i++;
    }
    return i;
  }

  private static byte[] body(Command command) {
    return switch (command) {
      case Command.CreateObject c -> c.body();
      case Command.ReplaceObject c -> c.body();
      case Command.PatchObject c -> c.patch();
      case Command.DeleteObject ignored -> new byte[0];
      case Command.PostSubresource c -> c.body();
    };
  }
}

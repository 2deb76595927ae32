package io.troupe.node.dns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The records of the cluster's zone, after the Kubernetes DNS specification 1.1. Pure over what
 * {@link Lookup} gives.
 */
final class Records {

  /** The part of the cluster that names are made of. */
  interface Lookup {
    Optional<ObjectNode> service(String namespace, String name);

    List<ObjectNode> slices(String namespace, String service);

    boolean namespaceExists(String namespace);

    /** The {@code namespace/name} of the Service with a cluster IP. */
    Optional<String> serviceWithIp(String ip);

    /** The full names of headless endpoints with an address, without the zone. */
    List<String> endpointNamesWithIp(String ip);
  }

  /** A record's data; the server gives them their wire form. */
  sealed interface Data {
    record Address(String ip) implements Data {}

    record Alias(String target) implements Data {}

    record Server(int port, String target) implements Data {}

    record Pointer(String target) implements Data {}

    record Text(String text) implements Data {}
  }

  /** An answer: {@code exists} tells an empty one (NOERROR) from an unknown name (NXDOMAIN). */
  record Answer(boolean exists, List<Data> records) {
    static final Answer UNKNOWN = new Answer(false, List.of());
    static final Answer EMPTY = new Answer(true, List.of());

    static Answer of(List<Data> records) {
      return records.isEmpty() ? UNKNOWN : new Answer(true, records);
    }
  }

  private final String zone;
  private final Lookup lookup;

  /** The zone is, for example, {@code cluster.local}. */
  Records(String zone, Lookup lookup) {
    this.zone = zone;
    this.lookup = lookup;
  }

  /** Whether the name (without the final dot, lower case) is in the cluster's zone. */
  boolean owns(String name) {
    return name.equals(zone) || name.endsWith("." + zone);
  }

  /** All data of a name in the zone, of every type; the server filters by the asked type. */
  Answer answer(String fullName) {
    String name = fullName.toLowerCase(Locale.ROOT);
    if (name.equals(zone)) {
      return Answer.EMPTY;
    }
    List<String> labels =
        List.of(name.substring(0, name.length() - zone.length() - 1).split("\\."));
    int last = labels.size() - 1;
    return switch (labels.get(last)) {
      case "dns-version" -> last == 0 ? Answer.of(List.of(new Data.Text("1.1.0"))) : Answer.UNKNOWN;
      case "svc" -> service(labels.subList(0, last));
      case "pod" -> pod(labels.subList(0, last));
      default -> Answer.UNKNOWN;
    };
  }

  private Answer pod(List<String> labels) {
    if (labels.isEmpty()) {
      return Answer.EMPTY;
    }
    if (labels.size() != 2 || !lookup.namespaceExists(labels.get(1))) {
      return labels.size() == 1 && lookup.namespaceExists(labels.getFirst())
          ? Answer.EMPTY
          : Answer.UNKNOWN;
    }
    String ip = labels.getFirst().replace('-', '.');
    return ip.matches("\\d{1,3}(\\.\\d{1,3}){3}")
        ? Answer.of(List.of(new Data.Address(ip)))
        : Answer.UNKNOWN;
  }

  private Answer service(List<String> labels) {
    int size = labels.size();
    if (size < 2) {
      return size == 0 || lookup.namespaceExists(labels.getFirst()) ? Answer.EMPTY : Answer.UNKNOWN;
    }
    String namespace = labels.get(size - 1);
    String name = labels.get(size - 2);
    Optional<ObjectNode> found = lookup.service(namespace, name);
    if (found.isEmpty()) {
      return Answer.UNKNOWN;
    }
    ObjectNode service = found.get();
    String suffix = name + "." + namespace + ".svc." + zone;
    if (Json.text(service, "spec", "type").equals("ExternalName")) {
      String target = Json.text(service, "spec", "externalName");
      return size == 2 ? Answer.of(List.of(new Data.Alias(target))) : Answer.UNKNOWN;
    }
    boolean headless = Json.text(service, "spec", "clusterIP").equals("None");
    return switch (size) {
      case 2 -> headless ? headlessAddresses(service) : clusterIp(service, suffix);
      case 3 -> headless ? headlessHost(service, labels.getFirst()) : underscore(labels.getFirst());
      case 4 ->
          headless
              ? headlessServers(service, labels.get(0), labels.get(1), suffix)
              : servers(service, labels.get(0), labels.get(1), suffix);
      default -> Answer.UNKNOWN;
    };
  }

  private static Answer underscore(String label) {
    return label.startsWith("_") ? Answer.EMPTY : Answer.UNKNOWN;
  }

  private static Answer clusterIp(ObjectNode service, String suffix) {
    List<Data> records = new ArrayList<>();
    for (JsonNode ip : Json.items(service, "spec", "clusterIPs")) {
      records.add(new Data.Address(ip.asText()));
    }
    if (records.isEmpty() && !Json.text(service, "spec", "clusterIP").isEmpty()) {
      records.add(new Data.Address(Json.text(service, "spec", "clusterIP")));
    }
    for (JsonNode port : Json.items(service, "spec", "ports")) {
      records.add(new Data.Server((int) Json.number(port, 0, "port"), suffix));
    }
    return Answer.of(records);
  }

  private static Answer servers(
      ObjectNode service, String portLabel, String protocolLabel, String suffix) {
    List<Data> records = new ArrayList<>();
    for (JsonNode port : Json.items(service, "spec", "ports")) {
      if (matches(port, portLabel, protocolLabel)) {
        records.add(new Data.Server((int) Json.number(port, 0, "port"), suffix));
      }
    }
    return Answer.of(records);
  }

  private static boolean matches(JsonNode port, String portLabel, String protocolLabel) {
    String protocol = Json.text(port, "protocol").isEmpty() ? "tcp" : Json.text(port, "protocol");
    return portLabel.equals("_" + Json.text(port, "name").toLowerCase(Locale.ROOT))
        && protocolLabel.equals("_" + protocol.toLowerCase(Locale.ROOT));
  }

  /** An endpoint of a headless Service with the label that names it. */
  record Host(String label, String ip) {}

  static List<Host> hosts(ObjectNode slice, boolean publishNotReady) {
    List<Host> hosts = new ArrayList<>();
    for (JsonNode endpoint : Json.items(slice, "endpoints")) {
      if (publishNotReady || Json.flag(endpoint, true, "conditions", "ready")) {
        for (JsonNode address : Json.items(endpoint, "addresses")) {
          String host = Json.text(endpoint, "hostname");
          String ip = address.asText();
          hosts.add(new Host(host.isEmpty() ? ip.replace('.', '-').replace(':', '-') : host, ip));
        }
      }
    }
    return hosts;
  }

  private List<Host> hosts(ObjectNode service) {
    boolean publish = Json.flag(service, false, "spec", "publishNotReadyAddresses");
    return lookup.slices(Meta.namespace(service), Meta.name(service)).stream()
        .flatMap(slice -> hosts(slice, publish).stream())
        .toList();
  }

  private Answer headlessAddresses(ObjectNode service) {
    TreeSet<String> ips = new TreeSet<>();
    hosts(service).forEach(h -> ips.add(h.ip()));
    List<Data> records = new ArrayList<>();
    ips.forEach(ip -> records.add(new Data.Address(ip)));
    return Answer.of(records);
  }

  private Answer headlessHost(ObjectNode service, String label) {
    if (label.startsWith("_")) {
      return Answer.EMPTY;
    }
    List<Data> records = new ArrayList<>();
    hosts(service).stream()
        .filter(h -> h.label().equals(label))
        .map(Host::ip)
        .distinct()
        .forEach(ip -> records.add(new Data.Address(ip)));
    return Answer.of(records);
  }

  private Answer headlessServers(
      ObjectNode service, String portLabel, String protocolLabel, String suffix) {
    boolean publish = Json.flag(service, false, "spec", "publishNotReadyAddresses");
    List<Data> records = new ArrayList<>();
    for (ObjectNode slice : lookup.slices(Meta.namespace(service), Meta.name(service))) {
      for (JsonNode port : Json.items(slice, "ports")) {
        if (matches(port, portLabel, protocolLabel)) {
          int number = (int) Json.number(port, 0, "port");
          hosts(slice, publish)
              .forEach(h -> records.add(new Data.Server(number, h.label() + "." + suffix)));
        }
      }
    }
    return Answer.of(records);
  }

  /**
   * Names of an address of the cluster, for {@code in-addr.arpa} questions; unknown when it is not
   * the cluster's.
   */
  Answer pointers(String ip) {
    List<Data> records = new ArrayList<>();
    lookup
        .serviceWithIp(ip)
        .map(name -> name.split("/", 2))
        .ifPresent(p -> records.add(new Data.Pointer(p[1] + "." + p[0] + ".svc." + zone)));
    lookup.endpointNamesWithIp(ip).forEach(n -> records.add(new Data.Pointer(n + ".svc." + zone)));
    return Answer.of(records);
  }
}

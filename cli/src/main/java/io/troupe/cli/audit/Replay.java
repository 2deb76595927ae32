package io.troupe.cli.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.client.KubeClient.ListOptions;
import io.troupe.api.client.KubeClient.Page;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The state rebuilt from the journal beside the state that the API serves. Each type is compared at the revision of its
 * own LIST, so nothing has to stand still.
 */
public final class Replay {
  /** What was found; differences name the object and the first fields that differ. */
  public record Report(long changes, long revision, int objects, int types, int served, List<String> differences) {}

  /** A type as LIST gave it. */
  private record Listed(Resource resource, long revision, Map<String, ObjectNode> objects) {}

  private static final int FIELDS_SHOWN = 3;

  private final Cluster cluster;
  private final Map<String, Listed> lists = new TreeMap<>();
  private final Map<String, Map<String, ObjectNode>> rebuilt = new TreeMap<>();
  private final List<String> differences = new ArrayList<>();
  private long changes;
  private long revision;

  private Replay(Cluster cluster) {
    this.cluster = cluster;
  }

  /** Lists everything, then replays the whole journal. */
  public static Report run(Cluster cluster) {
    Replay replay = new Replay(cluster);
    for (Resource type : cluster.types().listed()) {
      replay.lists.put(type.type().toString(), replay.list(type, ListOptions.ALL));
    }
    cluster.history(Map.of(), replay::apply);
    return replay.compared();
  }

  private Listed list(Resource type, ListOptions options) {
    Page page = cluster.client().list(type, "", options);
    Map<String, ObjectNode> objects = new HashMap<>();
    page.items().forEach(o -> objects.put(id(o), o));
    return new Listed(type, Long.parseLong(page.resourceVersion()), objects);
  }

  private static String id(JsonNode object) {
    return Meta.namespace(object) + "/" + Meta.name(object);
  }

  private void apply(ObjectNode entry) {
    String type = Json.text(entry, "type");
    long at = Json.number(entry, 0, "revision");
    Listed listed = lists.get(type);
    if (listed != null && at > listed.revision()) {
      return;
    }
    changes++;
    revision = Math.max(revision, at);
    var objects = rebuilt.computeIfAbsent(type, t -> new TreeMap<>());
    String id = Json.text(entry, "namespace") + "/" + Json.text(entry, "name");
    if (Json.flag(entry, false, "withheld")) {
      differences.add(type + " " + id + ": its history is withheld from you");
    } else if (entry.get("after") instanceof ObjectNode after) {
      objects.put(id, after);
    } else {
      objects.remove(id);
    }
  }

  private Report compared() {
    int objects = 0;
    int served = 0;
    for (Map.Entry<String, Map<String, ObjectNode>> type : rebuilt.entrySet()) {
      objects += type.getValue().size();
      Listed listed = lists.get(type.getKey());
      if (listed != null) {
        compare(type.getKey(), type.getValue(), inStoredVersion(listed, type.getValue()));
      } else if (!type.getValue().isEmpty()) {
        differences.add(type.getKey() + ": in the journal, but not served");
      }
    }
    for (Map.Entry<String, Listed> list : lists.entrySet()) {
      served += list.getValue().objects().size();
      if (!rebuilt.containsKey(list.getKey())) {
        list.getValue().objects().keySet().forEach(id -> differences.add(list.getKey() + " " + id + ": served, but not in the journal"));
      }
    }
    int types = (int) rebuilt.values().stream().filter(m -> !m.isEmpty()).count();
    return new Report(changes, revision, objects, types, served, List.copyOf(differences));
  }

  /** The journal keeps one version of a type, which need not be the one that discovery prefers. */
  private Map<String, ObjectNode> inStoredVersion(Listed listed, Map<String, ObjectNode> journal) {
    String stored = journal.values().stream().findFirst().map(o -> Json.text(o, "apiVersion")).orElse("");
    Resource r = listed.resource();
    if (stored.isEmpty() || stored.equals(r.apiVersion())) {
      return listed.objects();
    }
    String version = stored.substring(stored.indexOf('/') + 1);
    return list(new Resource(r.group(), version, r.plural(), r.kind(), r.namespaced()), ListOptions.ALL).objects();
  }

  private void compare(String type, Map<String, ObjectNode> journal, Map<String, ObjectNode> api) {
    journal.forEach((id, object) -> compareOne(type + " " + id, object, api.get(id)));
    api.keySet().stream()
        .filter(id -> !journal.containsKey(id))
        .sorted()
        .forEach(id -> differences.add(type + " " + id + ": served, but not in the journal"));
  }

  private void compareOne(String what, ObjectNode journal, ObjectNode api) {
    if (api == null) {
      differences.add(what + ": in the journal, but not served");
    } else if (!journal.equals(api)) {
      List<Difference> fields = Difference.between(journal, api);
      String shown = fields.isEmpty() ? "metadata" : fields.stream().limit(FIELDS_SHOWN).map(Difference::toString).reduce((a, b) -> a + "; " + b).get();
      differences.add(what + ": " + shown);
    }
  }
}

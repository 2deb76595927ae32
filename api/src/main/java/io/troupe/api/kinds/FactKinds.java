package io.troupe.api.kinds;

import io.troupe.api.object.GroupResource;
import io.troupe.api.object.Resource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The built-in kinds, from the fact files: {@code resources.facts} is read at once, schemas when
 * they are first looked at. Safe for use from many threads.
 */
public final class FactKinds implements Kinds {
  private static final List<String> ALL_VERBS =
      List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

  private final Definitions definitions = new Definitions();
  private final Map<String, Kind> byPath = new LinkedHashMap<>();
  private final Map<String, Kind> byKind = new LinkedHashMap<>();
  private final Map<GroupResource, Kind> stored = new LinkedHashMap<>();

  public FactKinds() {
    String apiVersion = "";
    ArrayList<String> block = new ArrayList<>();
    for (String line : FactFile.lines("resources.facts")) {
      boolean subresource = line.startsWith("    /");
      if (!subresource && !block.isEmpty()) {
        add(apiVersion, block);
        block.clear();
      }
      if (line.startsWith("version ")) {
        apiVersion = line.substring("version ".length());
      } else if (!line.isEmpty()) {
        block.add(line.strip());
      }
    }
    add(apiVersion, block);
  }

  /** A definition by its full OpenAPI name, for example {@code io.k8s.api.core.v1.PodSpec}. */
  public Optional<Schema> definition(String name) {
    return definitions.find(name);
  }

  /**
   * The schema of any body, also of those that are no resource of their own: lists, {@code Status},
   * {@code DeleteOptions}, {@code Scale}, {@code TokenRequest}, {@code Eviction} …
   */
  public Optional<Schema> body(String apiVersion, String kind) {
    return definitions.ofKind(apiVersion, kind);
  }

  /**
   * The apiVersions in which a definition is the body of a kind: none for a mere part, {@code "*"}
   * for one that every version has ({@code DeleteOptions}).
   */
  public List<String> versionsOf(String definition) {
    return definitions.versionsOf(definition);
  }

  /** A number that changes when any fact does. */
  public String fingerprint() {
    return definitions.fingerprint();
  }

  @Override
  public Optional<Kind> byPath(String group, String version, String plural) {
    return Optional.ofNullable(byPath.get(group + "/" + version + "/" + plural));
  }

  @Override
  public Optional<Kind> byKind(String apiVersion, String kind) {
    return Optional.ofNullable(byKind.get(apiVersion + "/" + kind));
  }

  @Override
  public Optional<Kind> stored(GroupResource type) {
    return Optional.ofNullable(stored.get(type));
  }

  @Override
  public Collection<Kind> all() {
    return Collections.unmodifiableCollection(byPath.values());
  }

  private void add(String apiVersion, List<String> block) {
    Kind kind = kind(apiVersion, block);
    Resource resource = kind.resource();
    byPath.put(resource.group() + "/" + resource.version() + "/" + resource.plural(), kind);
    byKind.put(apiVersion + "/" + resource.kind(), kind);
    if (kind.storedVersion().equals(apiVersion)) {
      stored.put(kind.stored(), kind);
    }
  }

  private Kind kind(String apiVersion, List<String> block) {
    List<String> words = List.of(block.getFirst().split(" "));
    Resource resource = resource(apiVersion, words);
    Optional<Kind> preferred = Optional.ofNullable(stored.get(resource.type()));
    String storedVersion =
        marked(words, "stored=").orElse(preferred.map(Kind::storedVersion).orElse(apiVersion));
    return new Kind(
        resource,
        new GroupResource(groupOf(storedVersion), resource.plural()),
        storedVersion,
        words.get(2),
        list(words, "short="),
        list(words, "categories="),
        verbs(words),
        block.stream().skip(1).map(FactKinds::subresource).toList(),
        definitions.ofResource(apiVersion, resource.kind()));
  }

  private static Resource resource(String apiVersion, List<String> words) {
    String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
    boolean namespaced = words.get(3).equals("namespaced");
    return new Resource(groupOf(apiVersion), version, words.get(0), words.get(1), namespaced);
  }

  private static Kind.Subresource subresource(String line) {
    List<String> words = List.of(line.split(" "));
    return new Kind.Subresource(
        words.get(0).substring(1), words.get(1), words.get(2), verbs(words));
  }

  private static String groupOf(String apiVersion) {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  private static List<String> verbs(List<String> words) {
    return marked(words, "verbs=").orElse("").equals("*") ? ALL_VERBS : list(words, "verbs=");
  }

  private static List<String> list(List<String> words, String prefix) {
    return marked(words, prefix).map(text -> List.of(text.split(","))).orElse(List.of());
  }

  private static Optional<String> marked(List<String> words, String prefix) {
    return words.stream()
        .filter(word -> word.startsWith(prefix))
        .map(word -> word.substring(prefix.length()))
        .findFirst();
  }
}

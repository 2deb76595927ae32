package io.troupe.api.kinds;

import com.fasterxml.jackson.databind.JsonNode;
import io.troupe.api.kinds.FactSchema.Shape;
import io.troupe.api.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The definitions of all fact files; a file is read, and a definition's fields made, when asked.
 */
final class Definitions {
  private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";

  /** The index's line of one file; apiVersion is "" where a package holds no kinds. */
  private record Source(String file, String packageName, String apiVersion) {}

  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, FactFile> files = new ConcurrentHashMap<>();
  private final Map<String, Optional<Schema>> schemas = new ConcurrentHashMap<>();

  Definitions() {
    for (String line : FactFile.lines("index.facts")) {
      String[] words = line.split(" ");
      Source source = new Source(words[0], words[1], words.length > 2 ? words[2] : "");
      sources.put(source.packageName(), source);
    }
  }

  /** The schema of a definition by its full name. */
  Optional<Schema> find(String fullName) {
    return schemas.computeIfAbsent(
        fullName,
        name -> definition(name).map(known -> FactSchema.of(new Once<>(() -> shape(name, known)))));
  }

  /** The definition that is the body of a kind in a version. */
  Optional<Schema> ofKind(String apiVersion, String kind) {
    Optional<Source> own =
        sources.values().stream().filter(s -> s.apiVersion().equals(apiVersion)).findFirst();
    if (own.isPresent() && has(own.get().packageName(), kind, "kind")) {
      return find(own.get().packageName() + "." + kind);
    }
    boolean shared = has(META, kind, "kind=*") || has(META, kind, "kind=" + apiVersion);
    return shared ? find(META + "." + kind) : Optional.empty();
  }

  /** The schema of a resource's objects, found when it is first used. */
  Schema ofResource(String apiVersion, String kind) {
    return FactSchema.of(
        new Once<>(
            () ->
                referred(
                    packageOf(apiVersion)
                            .orElseThrow(
                                () -> new IllegalStateException("no facts of " + apiVersion))
                        + "."
                        + kind)));
  }

  /**
   * The versions in which a definition is the body of a kind: none for a mere part, {@code "*"} for
   * one that every version has.
   */
  List<String> versionsOf(String fullName) {
    String packageName = fullName.substring(0, Math.max(0, fullName.lastIndexOf('.')));
    return definition(fullName).map(FactFile.Definition::marks).orElse(List.of()).stream()
        .filter(mark -> mark.startsWith("kind"))
        .map(
            mark ->
                mark.equals("kind")
                    ? sources.get(packageName).apiVersion()
                    : mark.substring("kind=".length()))
        .toList();
  }

  /** A checksum over all fact files. */
  String fingerprint() {
    CRC32C sum = new CRC32C();
    Stream.concat(
            Stream.of("index.facts", "resources.facts"),
            sources.values().stream().map(Source::file))
        .flatMap(file -> FactFile.lines(file).stream())
        .forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
    return Long.toHexString(sum.getValue());
  }

  /** The package of the kinds of a version, if it has any. */
  Optional<String> packageOf(String apiVersion) {
    return sources.values().stream()
        .filter(s -> s.apiVersion().equals(apiVersion))
        .map(Source::packageName)
        .findFirst();
  }

  private boolean has(String packageName, String name, String mark) {
    FactFile.Definition known = file(packageName).definitions().get(name);
    return known != null && known.marks().contains(mark);
  }

  private FactFile file(String packageName) {
    return files.computeIfAbsent(packageName, name -> FactFile.read(sources.get(name).file()));
  }

  private Optional<FactFile.Definition> definition(String fullName) {
    String packageName = fullName.substring(0, Math.max(0, fullName.lastIndexOf('.')));
    return sources.containsKey(packageName)
        ? Optional.ofNullable(
            file(packageName).definitions().get(fullName.substring(packageName.length() + 1)))
        : Optional.empty();
  }

  private Shape shape(String fullName, FactFile.Definition known) {
    FactFile file = file(fullName.substring(0, fullName.lastIndexOf('.')));
    if (!known.alias().isEmpty()) {
      return shapeOf(known.alias(), file).get().named(fullName);
    }
    boolean atomic = known.marks().contains("atomic");
    boolean kind = known.marks().stream().anyMatch(mark -> mark.startsWith("kind"));
    boolean typed = kind && !known.marks().contains("untyped");
    return new Shape(
        Schema.Type.OBJECT,
        "",
        fullName,
        atomic,
        new Once<>(() -> fields(known.fields(), typed, file)),
        null,
        embeds(known.marks()));
  }

  private static Map<List<Integer>, String> embeds(List<String> marks) {
    Map<List<Integer>, String> embeds = new HashMap<>();
    marks.stream()
        .filter(mark -> mark.startsWith("embeds="))
        .flatMap(mark -> Stream.of(mark.substring("embeds=".length()).split(",")))
        .map(pair -> pair.split(":"))
        .forEach(pair -> embeds.put(FieldLine.numbers(pair[0]), pair[1]));
    return embeds;
  }

  private Map<String, Schema.Field> fields(List<String> lines, boolean typed, FactFile file) {
    Map<String, Schema.Field> fields = new LinkedHashMap<>();
    if (typed) {
      fields.put("kind", typeField("kind"));
      fields.put("apiVersion", typeField("apiVersion"));
    }
    for (String line : lines) {
      Schema.Field field = field(line, file);
      fields.put(field.name(), field);
    }
    return Collections.unmodifiableMap(fields);
  }

  private static Schema.Field typeField(String name) {
    Schema text = FactSchema.of(() -> Shape.leaf(Schema.Type.STRING, ""));
    return new Schema.Field(
        name,
        text,
        false,
        0,
        Schema.FieldMerge.NONE,
        List.of(),
        Schema.Presence.OMITTED_WHEN_EMPTY);
  }

  private Schema.Field field(String line, FactFile file) {
    FieldLine facts = FieldLine.parse(line);
    return new Schema.Field(
        facts.name(),
        schemaOf(facts, file),
        facts.required(),
        facts.numbers().getLast(),
        facts.merge(),
        facts.numbers().subList(0, facts.numbers().size() - 1),
        facts.presence());
  }

  private Schema schemaOf(FieldLine facts, FactFile file) {
    boolean composed = facts.type().startsWith("[") || facts.type().startsWith("{");
    return new FactSchema(
        shapeOf(facts.type(), file, composed ? facts.enumValues() : List.of(), facts.goType()),
        facts.listType(),
        facts.listMapKeys(),
        facts.mapType(),
        composed ? List.of() : facts.enumValues(),
        facts.defaultJson().isEmpty() ? null : json(facts.defaultJson()),
        facts.goType());
  }

  private Supplier<Shape> shapeOf(String type, FactFile file) {
    return shapeOf(type, file, List.of(), "");
  }

  /** A type; the values that are allowed are those of a list's or map's items. */
  private Supplier<Shape> shapeOf(
      String type, FactFile file, List<String> itemValues, String goType) {
    char first = type.charAt(0);
    if (first != '[' && first != '{') {
      return new Once<>(() -> named(type, file));
    }
    Supplier<Shape> inner = shapeOf(type.substring(1, type.length() - 1), file);
    Schema element = FactSchema.item(inner, itemValues, GoNames.element(goType));
    Shape shape = Shape.of(first == '[' ? Schema.Type.LIST : Schema.Type.MAP, element);
    return () -> shape;
  }

  private Shape named(String type, FactFile file) {
    return switch (type) {
      case "string" -> Shape.leaf(Schema.Type.STRING, "");
      case "bytes" -> Shape.leaf(Schema.Type.STRING, "byte");
      case "time" -> Shape.leaf(Schema.Type.STRING, "date-time");
      case "micro-time" -> Shape.leaf(Schema.Type.STRING, "micro-time");
      case "boolean" -> Shape.leaf(Schema.Type.BOOLEAN, "");
      case "int32", "int64" -> Shape.leaf(Schema.Type.INTEGER, type);
      case "double" -> Shape.leaf(Schema.Type.NUMBER, type);
      case "quantity" -> Shape.leaf(Schema.Type.QUANTITY, "");
      case "int-or-string" -> Shape.leaf(Schema.Type.INT_OR_STRING, "");
      case "any" -> Shape.leaf(Schema.Type.ANY, "");
      default -> referred(file.fullName(type));
    };
  }

  private Shape referred(String fullName) {
    Schema found =
        find(fullName).orElseThrow(() -> new IllegalStateException("no definition " + fullName));
    return ((FactSchema) found).shape().get();
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException("a default in the facts: " + text, e);
    }
  }
}

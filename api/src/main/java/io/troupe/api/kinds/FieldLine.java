package io.troupe.api.kinds;

import java.util.List;
import java.util.stream.Stream;

/**
 * A field's line in a fact file: {@code name number type[?|!] mark…}.
 *
 * @param numbers protobuf numbers from the outermost embedded message to the field's own
 * @param type a leaf, a definition's name, {@code [item]} or {@code {value}}
 * @param mapType {@code atomic} or {@code granular}, "" where the type itself decides
 * @param defaultJson JSON text, "" for none
 * @param goType the type's name in upstream's decoder messages, "" where it follows from the type
 */
record FieldLine(
    String name,
    List<Integer> numbers,
    String type,
    Schema.Presence presence,
    boolean required,
    String mapType,
    Schema.ListType listType,
    List<String> listMapKeys,
    Schema.FieldMerge merge,
    List<String> enumValues,
    String defaultJson,
    String goType) {

  static FieldLine parse(String line) {
    String[] words = line.split(" ");
    String type = words[2];
    int end = type.length();
    while (type.charAt(end - 1) == '?' || type.charAt(end - 1) == '!') {
      end--;
    }
    List<String> marks = List.of(words).subList(3, words.length);
    String list = marked(marks, "list=");
    return new FieldLine(
        words[0],
        numbers(words[1]),
        type.substring(0, end),
        presence(type.substring(end)),
        marks.contains("required"),
        marks.contains("atomic") ? "atomic" : marks.contains("granular") ? "granular" : "",
        listType(list),
        names(after(list, ':'), ","),
        merge(marked(marks, "patch=")),
        names(marked(marks, "enum=").replace("\\s", " "), "\\|"),
        marked(marks, "default="),
        marked(marks, "go="));
  }

  static List<Integer> numbers(String path) {
    return Stream.of(path.split("\\.")).map(Integer::valueOf).toList();
  }

  private static Schema.Presence presence(String mark) {
    return switch (mark) {
      case "" -> Schema.Presence.OMITTED_WHEN_EMPTY;
      case "!" -> Schema.Presence.ALWAYS_WRITTEN;
      // "?!" is a pointer that prints null when absent, which JSON readers take as absent.
      default -> Schema.Presence.AS_GIVEN;
    };
  }

  private static Schema.ListType listType(String text) {
    if (text.startsWith("map")) {
      return Schema.ListType.MAP;
    }
    return text.equals("set") ? Schema.ListType.SET : Schema.ListType.ATOMIC;
  }

  private static Schema.FieldMerge merge(String text) {
    if (text.isEmpty()) {
      return Schema.FieldMerge.NONE;
    }
    int colon = text.indexOf(':');
    String strategies = colon < 0 ? text : text.substring(0, colon);
    return new Schema.FieldMerge(after(text, ':'), names(strategies, ","));
  }

  private static String marked(List<String> marks, String prefix) {
    return marks.stream()
        .filter(mark -> mark.startsWith(prefix))
        .map(mark -> mark.substring(prefix.length()))
        .findFirst()
        .orElse("");
  }

  private static String after(String text, char separator) {
    int at = text.indexOf(separator);
    return at < 0 ? "" : text.substring(at + 1);
  }

  private static List<String> names(String text, String separator) {
    return text.isEmpty() ? List.of() : List.of(text.split(separator));
  }
}

package io.troupe.api.kinds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One fact file, split into definitions whose fields are still text: a request needs few of them.
 * The format is explained in {@code api/importer/README.md}.
 */
final class FactFile {
  /**
   * A definition.
   *
   * @param alias the type that it stands for, or "" for an object
   * @param marks the words after the name, for example {@code kind} or {@code atomic}
   * @param fields its field lines
   */
  record Definition(String name, String alias, List<String> marks, List<String> fields) {}

  private final String packageName;
  private final Map<String, String> uses = new HashMap<>();
  private final Map<String, Definition> definitions = new LinkedHashMap<>();

  private FactFile(List<String> lines) {
    String name = "";
    Definition open = null;
    for (String line : lines) {
      if (line.startsWith("  ")) {
        if (open == null) {
          throw new IllegalStateException("a field outside of a definition: " + line);
        }
        open.fields().add(line.substring(2));
      } else if (line.startsWith("package ")) {
        name = line.substring("package ".length());
      } else if (line.startsWith("use ")) {
        String[] words = line.split(" ");
        uses.put(words[1], words[2]);
      } else if (!line.isEmpty() && !line.startsWith("version ")) {
        open = definition(line);
        definitions.put(open.name(), open);
      }
    }
    packageName = name;
  }

  private static Definition definition(String line) {
    List<String> words = List.of(line.split(" "));
    boolean alias = words.size() == 3 && words.get(1).equals("=");
    return alias
        ? new Definition(words.get(0), words.get(2), List.of(), List.of())
        : new Definition(words.get(0), "", words.subList(1, words.size()), new ArrayList<>());
  }

  static FactFile read(String file) {
    return new FactFile(lines(file));
  }

  /** The lines of a fact file, comments left out. */
  static List<String> lines(String file) {
    try (InputStream in = FactFile.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException("fact file " + file + " is missing from the build");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("fact file " + file, e);
    }
  }

  Map<String, Definition> definitions() {
    return definitions;
  }

  /** The full name of a type name as this file writes it. */
  String fullName(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return packageName + "." + name;
    }
    return uses.get(name.substring(0, dot)) + name.substring(dot);
  }
}

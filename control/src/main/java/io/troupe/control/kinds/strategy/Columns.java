package io.troupe.control.kinds.strategy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.troupe.api.object.Json;
import io.troupe.api.object.Meta;
import java.util.ArrayList;
import java.util.List;

/**
 * How a kind is shown by {@code kubectl get}: column definitions and the cells of one object.
 *
 * @param definitions in order; the same number as cells
 */
public record Columns(List<Column> definitions, Cells cells) {

  /**
   * One column; priority 0 is always shown, 1 with {@code -o wide}.
   *
   * @param type OpenAPI type of the cell
   * @param format {@code name} for the name column, else ""
   */
  public record Column(String name, String type, String format, int priority) {}

  /** Writes an object's cells: strings, numbers or booleans. */
  @FunctionalInterface
  public interface Cells {
    void write(ObjectNode object, long nowMillis, List<Object> row);
  }

  public Columns {
    definitions = List.copyOf(definitions);
  }

  /** NAME and AGE: what a kind without a printer shows is NAME and CREATED AT, see Tables. */
  public static final Columns NAME_AGE =
      of("Name", "Age").row((object, now, row) -> row.addAll(List.of(age(object, now))));

  /**
   * Begins a definition. A name that starts with {@code +} is shown only in wide output, one that
   * starts with {@code #} holds integers, {@code ?} booleans; {@code Name} has the name format and
   * its cell is written for you.
   */
  public static Builder of(String... names) {
    List<Column> columns = new ArrayList<>();
    for (String spec : names) {
      String name = spec;
      int priority = 0;
      String type = "string";
      while (!Character.isLetter(name.charAt(0))) {
        switch (name.charAt(0)) {
          case '+' -> priority = 1;
          case '#' -> type = "integer";
          case '?' -> type = "boolean";
          default -> throw new IllegalArgumentException(spec);
        }
        name = name.substring(1);
      }
      columns.add(new Column(name, type, name.equals("Name") ? "name" : "", priority));
    }
    return new Builder(columns);
  }

  /** A definition that still needs its cells. */
  public record Builder(List<Column> columns) {
    /** Cells after the name. */
    public Columns row(Cells cells) {
      return new Columns(
          columns,
          (object, now, row) -> {
            row.add(Meta.name(object));
            cells.write(object, now, row);
          });
    }

    /** All cells, for the few kinds that do not begin with the name. */
    public Columns wholeRow(Cells cells) {
      return new Columns(columns, cells);
    }
  }

  public static String age(ObjectNode object, long nowMillis) {
    return Times.since(Json.text(object, "metadata", "creationTimestamp"), nowMillis);
  }
}

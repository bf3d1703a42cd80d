package io.sluice.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A row of a table of transitions: what comes of a proposal to a run in a state under certain
 * circumstances. The head of each table says what its words mean.
 *
 * @param line of the file
 * @param from the run's state, null before the first
 * @param words the circumstances; a word without a value has an empty one
 * @param outcome how it is taken, with the delay in seconds for WAIT
 * @param state the state then, null if the run stays in its state
 * @param facts what else differs then
 */
public record RuleRow(
    int line,
    Kind from,
    Kind proposed,
    Map<String, String> words,
    String outcome,
    Kind state,
    List<String> facts,
    String reason) {
  private static final int COLUMNS = 7;

  /** When all proposals of the tables are made. */
  public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** Type and name of a state. */
  public record Kind(StateType type, String name) {
    static Kind parse(String text) {
      var parts = text.split("/");
      var type = StateType.valueOf(parts[0]);
      return new Kind(type, parts.length > 1 ? parts[1] : type.defaultName());
    }

    @Override
    public String toString() {
      return name.equals(type.defaultName()) ? type.name() : type + "/" + name;
    }
  }

  /** The rows of a table that lies beside {@code test}. */
  public static List<RuleRow> table(Class<?> test, String file) {
    var rows = new ArrayList<RuleRow>();
    try (var in = Objects.requireNonNull(test.getResourceAsStream(file), file);
        var text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      int number = 0;
      for (var line = text.readLine(); line != null; line = text.readLine()) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          rows.add(parse(number, line));
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return rows;
  }

  private static RuleRow parse(int line, String text) {
    var cells = text.split("\\|", COLUMNS);
    if (cells.length != COLUMNS) {
      throw new IllegalArgumentException("line " + line + " has not " + COLUMNS + " columns");
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cells[i].strip();
    }
    return new RuleRow(
        line,
        cells[0].equals("-") ? null : Kind.parse(cells[0]),
        Kind.parse(cells[1]),
        words(cells[2]),
        cells[3],
        cells[4].equals("=") ? null : Kind.parse(cells[4]),
        cells[5].isEmpty() ? List.of() : List.of(cells[5].split(" +")),
        cells[6].isEmpty() ? null : cells[6]);
  }

  private static Map<String, String> words(String cell) {
    var words = new HashMap<String, String>();
    for (var word : cell.split(" +")) {
      if (!word.isEmpty()) {
        var parts = word.split("=", 2);
        words.put(parts[0], parts.length > 1 ? parts[1] : "");
      }
    }
    return words;
  }

  public boolean has(String word) {
    return words.containsKey(word);
  }

  /** Null if the row does not say. */
  public Integer number(String word) {
    return has(word) ? Integer.valueOf(words.get(word)) : null;
  }

  public int number(String word, int otherwise) {
    return has(word) ? number(word) : otherwise;
  }

  /** So many seconds from {@link #NOW}; null if the row does not say. */
  public Instant time(String word) {
    return has(word)
        ? NOW.plusMillis(Math.round(Double.parseDouble(words.get(word)) * 1000))
        : null;
  }

  /** How {@code time} is written in the table. */
  public static String seconds(Instant time) {
    return "%+d".formatted(Math.round((time.toEpochMilli() - NOW.toEpochMilli()) / 1000.0));
  }

  @Override
  public String toString() {
    return "line %d: %s → %s%s is %s%s"
        .formatted(
            line,
            from == null ? "none" : from,
            proposed,
            words.isEmpty() ? "" : " " + words,
            outcome,
            state == null ? "" : " " + state);
  }
}

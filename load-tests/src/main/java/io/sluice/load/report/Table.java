package io.sluice.load.report;

import io.sluice.load.compare.Comparison;
import io.sluice.load.compare.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows of text under a head.
 *
 * @param rows each as long as the head
 */
record Table(List<String> head, List<List<String>> rows) {

  /**
   * All figures of a variant: per server the median, with several rounds the range, and the ratio
   * of the medians.
   */
  static Table of(Comparison comparison, String variant) {
    var head = new ArrayList<>(List.of("figure"));
    boolean ranges = comparison.rounds(variant, comparison.servers().get(0)).size() > 1;
    for (var server : comparison.servers()) {
      head.add(server.label());
      if (ranges) {
        head.add("least – most");
      }
    }
    boolean two = comparison.servers().size() > 1;
    if (two) {
      head.add("A / B");
    }
    var rows = new ArrayList<List<String>>();
    for (var figure : comparison.figures(variant)) {
      var row = new ArrayList<>(List.of(figure));
      for (var server : comparison.servers()) {
        row.add(Numbers.text(comparison.median(variant, server, figure)));
        if (ranges) {
          row.add(range(comparison, variant, server, figure));
        }
      }
      if (two) {
        row.add(Numbers.ratio(comparison.ratio(variant, figure)));
      }
      rows.add(row);
    }
    return new Table(head, rows);
  }

  private static String range(Comparison comparison, String variant, Server server, String figure) {
    var spread =
        comparison.rounds(variant, server).stream()
            .map(round -> round.figures().get(figure))
            .filter(java.util.Objects::nonNull)
            .mapToDouble(Double::doubleValue)
            .summaryStatistics();
    return spread.getCount() < 2
        ? ""
        : Numbers.text(spread.getMin()) + " – " + Numbers.text(spread.getMax());
  }

  static Table floors(Map<String, Double> floors) {
    var rows = new ArrayList<List<String>>();
    floors.forEach((name, value) -> rows.add(List.of(name, Numbers.text(value))));
    return new Table(List.of("floor", "this machine"), rows);
  }

  /** As Markdown, padded so that it can be read as it is. */
  String markdown() {
    var widths = new int[head.size()];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      widths[column] =
          Math.max(
              head.get(column).length(),
              rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
    }
    var text = new StringBuilder(line(head, widths));
    var dashes = new ArrayList<String>();
    for (int column = 0; column < widths.length; column++) {
      dashes.add("-".repeat(widths[column] - 1) + (column == 0 ? "-" : ":"));
    }
    text.append(line(dashes, widths));
    rows.forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder("|");
    for (int column = 0; column < widths.length; column++) {
      var format = column == 0 ? " %-" + widths[column] + "s |" : " %" + widths[column] + "s |";
      line.append(format.formatted(cells.get(column)));
    }
    return line.append("\n").toString();
  }

  String html() {
    var html = new StringBuilder("<table><tr>");
    head.forEach(cell -> html.append("<th>").append(Svg.escaped(cell)).append("</th>"));
    html.append("</tr>\n");
    for (var row : rows) {
      html.append("<tr>");
      row.forEach(cell -> html.append("<td>").append(Svg.escaped(cell)).append("</td>"));
      html.append("</tr>\n");
    }
    return html.append("</table>\n").toString();
  }
}

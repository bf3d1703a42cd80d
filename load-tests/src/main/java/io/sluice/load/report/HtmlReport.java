package io.sluice.load.report;

import io.sluice.load.compare.Comparison;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One page with everything in it: it fetches nothing. */
final class HtmlReport {
  private static final String STYLE =
      """
      body { font: 14px sans-serif; margin: 2em; max-width: 1000px; }
      table { border-collapse: collapse; margin: 1em 0; }
      td, th { border: 1px solid #ddd; padding: 2px 8px; text-align: right; }
      td:first-child, th:first-child { text-align: left; }
      .fault { color: #b00; }
      """;

  /** Figures that are drawn as bars, and what they are drawn beside. */
  private static final Map<String, String> DRAWN =
      Map.of("pairs_per_s", "echo_pairs_per_s", "makespan_s", "ideal_s");

  private HtmlReport() {}

  static String of(Comparison comparison, Instant at) {
    var html =
        new StringBuilder("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.append(
        "<title>%s</title><style>%n%s</style></head><body>%n"
            .formatted(Svg.escaped(comparison.workload()), STYLE));
    html.append(
        "<h1>%s</h1><p>%s, %s</p><ul>%n"
            .formatted(Svg.escaped(comparison.workload()), at, Svg.escaped(Machine.text())));
    for (var server : comparison.servers()) {
      html.append(
          "<li>%s: %s</li>%n"
              .formatted(Svg.escaped(server.label()), Svg.escaped(server.api().toString())));
    }
    html.append("</ul>\n");
    faults(html, comparison);
    comparison.variants().forEach(variant -> variant(html, comparison, variant));
    if (!comparison.floors().isEmpty()) {
      html.append("<h2>Floors, measured in the same run</h2>\n");
      html.append(Table.floors(comparison.floors()).html());
    }
    return html.append("</body></html>\n").toString();
  }

  private static void faults(StringBuilder html, Comparison comparison) {
    for (var server : comparison.servers()) {
      for (var fault : comparison.faults(server)) {
        html.append(
            "<p class=\"fault\">FAULT of %s: %s</p>%n"
                .formatted(Svg.escaped(server.label()), Svg.escaped(fault)));
      }
    }
  }

  private static void variant(StringBuilder html, Comparison comparison, String variant) {
    int rounds = comparison.rounds(variant, comparison.servers().get(0)).size();
    html.append(
        "<h2>%s</h2><p>%s</p>%n".formatted(Svg.escaped(variant), MarkdownReport.rounds(rounds)));
    html.append(Table.of(comparison, variant).html());
    for (var figure : comparison.figures(variant)) {
      if (DRAWN.containsKey(figure)) {
        html.append("<h3>%s</h3>%n".formatted(figure));
        html.append(Bars.svg(bars(comparison, variant, figure)));
      }
    }
    curves(html, comparison, variant);
    for (var server : comparison.servers()) {
      var round = comparison.typical(variant, server);
      if (!round.held().isEmpty()) {
        var gantt = Gantt.of(round.held(), round.limit());
        html.append("<h3>Who held a slot when: %s</h3>%n".formatted(Svg.escaped(server.label())));
        html.append(gantt.svg());
        if (gantt.leftOut() > 0) {
          html.append("<p>%d later holders are left out.</p>%n".formatted(gantt.leftOut()));
        }
      }
    }
  }

  /** Both servers, and what neither can beat. */
  private static Map<String, Double> bars(Comparison comparison, String variant, String figure) {
    var bars = new LinkedHashMap<String, Double>();
    for (var server : comparison.servers()) {
      comparison
          .median(variant, server, figure)
          .ifPresent(value -> bars.put(server.label(), value));
    }
    var beside = DRAWN.get(figure);
    var floor = comparison.floors().get(beside);
    if (floor != null) {
      bars.put(beside, floor);
    }
    comparison
        .median(variant, comparison.servers().get(0), beside)
        .ifPresent(value -> bars.put(beside, value));
    return bars;
  }

  private static void curves(StringBuilder html, Comparison comparison, String variant) {
    var names = comparison.typical(variant, comparison.servers().get(0)).times().keySet();
    for (var name : List.copyOf(names)) {
      var byServer = new LinkedHashMap<String, Histogram>();
      for (var server : comparison.servers()) {
        var times = comparison.typical(variant, server).times().get(name);
        if (times != null && times.getTotalCount() > 0) {
          byServer.put(server.label(), times);
        }
      }
      if (!byServer.isEmpty()) {
        html.append("<h3>%s, by percentile</h3>%n".formatted(Svg.escaped(name)));
        html.append(Curves.svg(byServer));
      }
    }
  }
}

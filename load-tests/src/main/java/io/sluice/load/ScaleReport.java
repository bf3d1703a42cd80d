package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;

/**
 * How long each request took, by the number of flow runs in the store.
 *
 * @param levels by number of runs, then by what was asked; times in nanoseconds
 */
record ScaleReport(SortedMap<Integer, Map<String, Histogram>> levels) {
  private static final double NANOS_PER_MS = 1e6;
  private static final double HALF = 50;
  private static final double MOST = 95;

  void print(PrintWriter out) {
    var head = new StringBuilder("%-26s".formatted("p50 / p95 in ms, at runs"));
    levels.keySet().forEach(runs -> head.append("%18d".formatted(runs)));
    out.println(head + "%14s".formatted("last / first"));
    for (var name : levels.get(levels.firstKey()).keySet()) {
      var line = new StringBuilder("%-26s".formatted(name));
      levels
          .values()
          .forEach(
              at ->
                  line.append(
                      text("%10.1f /%6.1f", ms(at.get(name), HALF), ms(at.get(name), MOST))));
      out.println(line + text("%12.2f x", growth(name)));
    }
  }

  /** The median at the last level over that at the first. */
  private double growth(String name) {
    return ms(levels.get(levels.lastKey()).get(name), HALF)
        / ms(levels.get(levels.firstKey()).get(name), HALF);
  }

  private static double ms(Histogram times, double percentile) {
    return times.getValueAtPercentile(percentile) / NANOS_PER_MS;
  }

  private static String text(String format, Object... facts) {
    return String.format(Locale.ROOT, format, facts);
  }

  /** By level and request: how many were measured, and percentiles in milliseconds. */
  ObjectNode json() {
    var json = ApiClient.object();
    levels.forEach(
        (runs, asked) -> {
          var level = json.putObject(runs.toString());
          asked.forEach(
              (name, times) ->
                  level
                      .putObject(name)
                      .put("samples", times.getTotalCount())
                      .put("p50_ms", ms(times, HALF))
                      .put("p95_ms", ms(times, MOST))
                      .put("max_ms", times.getMaxValue() / NANOS_PER_MS));
        });
    return json;
  }
}

package io.sluice.load.report;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Latency by percentile, a line for each server: both axes logarithmic, so that p99.9 has as much
 * room as p90.
 */
final class Curves {
  static final List<String> COLORS = List.of("#4878a8", "#e49444");
  private static final int WIDTH = 640;
  private static final int HEIGHT = 260;
  private static final int LEFT = 70;
  private static final int TOP = 20;
  private static final int BOTTOM = 220;
  private static final int STEPS = 120;
  private static final double NINES = 4;
  private static final double PERCENT = 100;
  private static final double NANOS_PER_MS = 1e6;
  private static final double LEAST_MS = 0.001;
  private static final String GRID = "#ddd";

  private Curves() {}

  /** Where a percentile is, 0 for p0 to 1 for p99.99. */
  static double at(double percentile) {
    return Math.min(1, -Math.log10(1 - Math.min(percentile, PERCENT - 1e-9) / PERCENT) / NINES);
  }

  static String svg(Map<String, Histogram> byServer) {
    double least = Double.MAX_VALUE;
    double most = LEAST_MS;
    for (var times : byServer.values()) {
      least = Math.min(least, ms(times, 0));
      most = Math.max(most, ms(times, PERCENT));
    }
    int from = (int) Math.floor(Math.log10(Math.max(LEAST_MS, least)));
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(most)));
    var svg = new Svg(WIDTH, HEIGHT);
    for (int decade = from; decade <= to; decade++) {
      double y = y(Math.pow(10, decade), from, to);
      svg.line(LEFT, y, WIDTH, y, GRID);
      svg.text(LEFT - 6.0, y + 4, "end", Numbers.text(Math.pow(10, decade)) + " ms");
    }
    for (double percentile : new double[] {0, 50, 90, 99, 99.9, 99.99}) {
      double x = x(at(percentile));
      svg.line(x, TOP, x, BOTTOM, GRID);
      var anchor = percentile > 99.9 ? "end" : "middle";
      svg.text(x, BOTTOM + 16.0, anchor, "p" + Double.toString(percentile).replaceAll("\\.0$", ""));
    }
    int number = 0;
    for (var entry : byServer.entrySet()) {
      var color = COLORS.get(number % COLORS.size());
      svg.path(points(entry.getValue(), from, to), color);
      svg.box(LEFT + 10.0 + number * 150, 2, 10, 10, color, entry.getKey());
      svg.text(LEFT + 24.0 + number * 150, 11, "start", entry.getKey());
      number++;
    }
    return svg.text();
  }

  private static double[] points(Histogram times, int from, int to) {
    var points = new double[2 * (STEPS + 1)];
    for (int step = 0; step <= STEPS; step++) {
      double along = (double) step / STEPS;
      double percentile = PERCENT * (1 - Math.pow(10, -along * NINES));
      points[2 * step] = x(along);
      points[2 * step + 1] = y(ms(times, percentile), from, to);
    }
    return points;
  }

  private static double ms(Histogram times, double percentile) {
    return Math.max(LEAST_MS, times.getValueAtPercentile(percentile) / NANOS_PER_MS);
  }

  private static double x(double along) {
    return LEFT + along * (WIDTH - LEFT - 10);
  }

  private static double y(double ms, int from, int to) {
    double share = (Math.log10(ms) - from) / (to - from);
    return BOTTOM - Math.max(0, Math.min(1, share)) * (BOTTOM - TOP);
  }
}

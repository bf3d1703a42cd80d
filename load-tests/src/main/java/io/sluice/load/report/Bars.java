package io.sluice.load.report;

import java.util.Map;

/** A figure side by side, as long bars. */
final class Bars {
  private static final int WIDTH = 640;
  private static final int LEFT = 130;
  private static final int RIGHT = 80;
  private static final int LANE = 24;

  private Bars() {}

  /** How long the bar of a value is, of so much for the largest. */
  static double length(double value, double largest, double room) {
    return largest <= 0 ? 0 : Math.max(0, value) / largest * room;
  }

  /**
   * @param values by label
   */
  static String svg(Map<String, Double> values) {
    double largest = values.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
    var svg = new Svg(WIDTH, values.size() * LANE + 4);
    int lane = 0;
    for (var entry : values.entrySet()) {
      double y = lane * (double) LANE;
      double length = length(entry.getValue(), largest, WIDTH - LEFT - RIGHT);
      svg.text(LEFT - 6.0, y + 15, "end", entry.getKey());
      svg.box(
          LEFT,
          y + 3,
          length,
          LANE - 6.0,
          lane < Curves.COLORS.size() ? Curves.COLORS.get(lane) : "#999",
          entry.getKey());
      svg.text(LEFT + length + 6, y + 15, "start", Numbers.text(entry.getValue()));
      lane++;
    }
    return svg.text();
  }
}

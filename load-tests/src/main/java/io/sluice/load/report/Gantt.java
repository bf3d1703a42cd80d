package io.sluice.load.report;

import io.sluice.load.compare.Held;
import java.util.ArrayList;
import java.util.List;

/**
 * Who held which slot when: a lane for each slot, a bar for each holder. A lane beyond the limit is
 * there only if more held a slot at once than there were.
 *
 * @param bars in order of the grants; bounded by {@link #BARS_MAX}, the rest is left out
 * @param leftOut how many that is
 * @param spanNanos which the width stands for
 */
record Gantt(List<Bar> bars, int lanes, int limit, int leftOut, long spanNanos) {
  static final int BARS_MAX = 3000;
  private static final int WIDTH = 960;
  private static final int LEFT = 60;
  private static final int LANE = 18;
  private static final int GAP = 2;
  private static final int FOOT = 24;
  private static final int TICKS = 10;
  private static final double LEAST = 0.4;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MS = 1e6;
  private static final String AXIS = "#999";
  private static final String OVER = "#d00";
  private static final List<String> HOLDERS =
      List.of("#4878a8", "#e49444", "#6a9f58", "#a87c9f", "#85b6b2", "#d1615d", "#967662");

  /**
   * A time on a lane.
   *
   * @param x from the left of the lanes
   */
  record Bar(int lane, double x, double width, Held held) {}

  /**
   * @param held in order of the grants
   */
  static Gantt of(List<Held> held, int limit) {
    var shown = held.subList(0, Math.min(BARS_MAX, held.size()));
    long span = Math.max(1, shown.stream().mapToLong(Held::released).max().orElse(1));
    double scale = (double) (WIDTH - LEFT) / span;
    var freeFrom = new ArrayList<Long>();
    for (int lane = 0; lane < limit; lane++) {
      freeFrom.add(0L);
    }
    var bars = new ArrayList<Bar>();
    for (var one : shown) {
      int lane = laneFor(one, freeFrom);
      freeFrom.set(lane, one.released());
      double width = Math.max(LEAST, (one.released() - one.granted()) * scale);
      bars.add(new Bar(lane, one.granted() * scale, width, one));
    }
    return new Gantt(bars, freeFrom.size(), limit, held.size() - shown.size(), span);
  }

  /** The lane that was free for the least time; a new one if none is free. */
  private static int laneFor(Held one, List<Long> freeFrom) {
    int best = -1;
    for (int lane = 0; lane < freeFrom.size(); lane++) {
      boolean free = freeFrom.get(lane) <= one.granted();
      if (free && (best < 0 || freeFrom.get(lane) > freeFrom.get(best))) {
        best = lane;
      }
    }
    if (best < 0) {
      freeFrom.add(0L);
      return freeFrom.size() - 1;
    }
    return best;
  }

  String svg() {
    int bottom = lanes * LANE;
    var svg = new Svg(WIDTH, bottom + FOOT);
    for (int lane = 0; lane < lanes; lane++) {
      var name = lane < limit ? "slot " + (lane + 1) : "TOO MANY";
      svg.text(LEFT - 6.0, lane * LANE + LANE - 5.0, "end", name);
    }
    for (var bar : bars) {
      var color = bar.lane() < limit ? HOLDERS.get(bar.held().holder() % HOLDERS.size()) : OVER;
      svg.box(LEFT + bar.x(), bar.lane() * LANE, bar.width(), LANE - GAP, color, tip(bar.held()));
    }
    svg.line(LEFT, bottom, WIDTH, bottom, AXIS);
    for (int tick = 0; tick <= TICKS; tick++) {
      double x = LEFT + (double) (WIDTH - LEFT) * tick / TICKS;
      svg.line(x, bottom, x, bottom + 4.0, AXIS);
      var anchor = tick == 0 ? "start" : tick == TICKS ? "end" : "middle";
      svg.text(
          x,
          bottom + 16.0,
          anchor,
          Numbers.format("%.2f s", spanNanos / NANOS_PER_SECOND * tick / TICKS));
    }
    return svg.text();
  }

  private static String tip(Held held) {
    return Numbers.format(
        "client %d: %.1f to %.1f ms, waited %.1f ms",
        held.holder(),
        held.granted() / NANOS_PER_MS,
        held.released() / NANOS_PER_MS,
        (held.granted() - held.asked()) / NANOS_PER_MS);
  }
}

package io.sluice.load.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * How well the slots of a limit were used, by what their holders saw.
 *
 * @param makespan from the start to the last release
 * @param ideal the makespan of a server that costs nothing
 * @param utilisation time held over time there was, 0 to 1
 * @param peak the most who held a slot at once
 * @param idle from each release to the grant that it makes room for, in nanoseconds
 * @param waits from the first ask to the grant, in nanoseconds
 * @param overtakenMost the most who asked after somebody and were served before
 */
record SlotUse(
    Duration makespan,
    Duration ideal,
    double utilisation,
    int peak,
    Histogram idle,
    Histogram waits,
    int overtakenMost) {
  private static final int DIGITS = 3;
  private static final double PERCENT_MEDIAN = 50;
  private static final double PERCENT_MOST = 99;
  private static final double NANOS_PER_MS = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * @param held in order of the grants
   * @param wanted grants that were to be
   */
  static SlotUse of(List<Held> held, int limit, Duration hold, int wanted) {
    long last = held.stream().mapToLong(Held::released).max().orElse(0);
    long busy = held.stream().mapToLong(one -> one.released() - one.granted()).sum();
    return new SlotUse(
        Duration.ofNanos(last),
        hold.multipliedBy(wanted).dividedBy(limit),
        last == 0 ? 0 : busy / ((double) last * limit),
        peak(held),
        histogram(idle(held, limit)),
        histogram(held.stream().mapToLong(Held::waited).toArray()),
        overtakenMost(held));
  }

  static Histogram histogram(long[] nanos) {
    var histogram = new Histogram(DIGITS);
    for (long value : nanos) {
      histogram.recordValue(Math.max(0, value));
    }
    return histogram;
  }

  /** The k-th end frees the slot that the (k + limit)-th start takes. */
  private static long[] idle(List<Held> held, int limit) {
    var ends = held.stream().mapToLong(Held::released).sorted().toArray();
    int gaps = Math.max(0, held.size() - limit);
    var idle = new long[gaps];
    Arrays.setAll(idle, k -> held.get(k + limit).granted() - ends[k]);
    return idle;
  }

  private static int peak(List<Held> held) {
    var ends = held.stream().mapToLong(Held::released).sorted().toArray();
    int peak = 0;
    int ended = 0;
    for (int started = 1; started <= held.size(); started++) {
      long now = held.get(started - 1).granted();
      while (ended < ends.length && ends[ended] <= now) {
        ended++;
      }
      peak = Math.max(peak, started - ended);
    }
    return peak;
  }

  /** For each, in order of the grants, those before it who asked after it. */
  private static int overtakenMost(List<Held> held) {
    int most = 0;
    var asked = new ArrayList<Long>();
    for (var one : held) {
      int older = -Collections.binarySearch(asked, one.asked(), (a, b) -> a <= b ? -1 : 1) - 1;
      most = Math.max(most, asked.size() - older);
      asked.add(older, one.asked());
    }
    return most;
  }

  /** Adds the figures of a round, under the names that all workloads with slots share. */
  void addTo(Round.Builder round, int limit, int wanted) {
    int finished = (int) waits.getTotalCount();
    round.put("wanted", wanted).put("finished", finished).put("limit", limit);
    round
        .put("makespan_s", makespan.toNanos() / NANOS_PER_SECOND)
        .put("ideal_s", ideal.toNanos() / NANOS_PER_SECOND);
    if (finished == wanted && !ideal.isZero()) {
      round.put("makespan_over_ideal", (double) makespan.toNanos() / ideal.toNanos());
    } else if (finished < wanted) {
      round.fault("%d of %d were not served".formatted(wanted - finished, wanted));
    }
    round.put("utilisation", utilisation).put("peak_concurrent", peak);
    round.times("wait", waits).put("overtaken_max", overtakenMost);
    if (peak > limit) {
      round.fault("%d held a slot at once, the limit is %d".formatted(peak, limit));
    }
  }

  /** Adds how long slots lay idle, where each that is free fits each who waits. */
  void addIdleTo(Round.Builder round) {
    round.times("slot_idle", idle);
  }

  /** Milliseconds at p50, p99 and the maximum. */
  static double[] spread(Histogram times) {
    return new double[] {
      times.getValueAtPercentile(PERCENT_MEDIAN) / NANOS_PER_MS,
      times.getValueAtPercentile(PERCENT_MOST) / NANOS_PER_MS,
      times.getMaxValue() / NANOS_PER_MS
    };
  }
}

package io.sluice.load.compare;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/** How long the pairs of a round took. */
final class OpsTimes {
  private static final int DIGITS = 3;
  private static final double NANOS = 1e9;

  private final Histogram acquires = new Histogram(DIGITS);
  private final Histogram releases = new Histogram(DIGITS);
  private final Histogram pairs = new Histogram(DIGITS);
  private long inTime;

  /** Those of one client, used by its thread only. */
  static final class Own {
    private final Histogram acquires = new Histogram(DIGITS);
    private final Histogram releases = new Histogram(DIGITS);
    private final Histogram pairs = new Histogram(DIGITS);
    private final long end;
    private long inTime;

    /**
     * @param end of the round: pairs that are done later do not make its rate
     */
    Own(long end) {
      this.end = end;
    }

    void pair(long due, long acquired, long released) {
      acquires.recordValue(Math.max(0, acquired - due));
      releases.recordValue(Math.max(0, released - acquired));
      pairs.recordValue(Math.max(0, released - due));
      inTime += released < end ? 1 : 0;
    }
  }

  synchronized void add(Own own) {
    acquires.add(own.acquires);
    releases.add(own.releases);
    pairs.add(own.pairs);
    inTime += own.inTime;
  }

  synchronized void addTo(Round.Builder round, Duration time) {
    round
        .put("pairs_per_s", inTime / (time.toNanos() / NANOS))
        .put("pairs", pairs.getTotalCount())
        .times("pair", pairs)
        .times("acquire", acquires)
        .times("release", releases);
  }
}

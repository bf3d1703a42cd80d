package io.sluice.queue;

import static io.sluice.cluster.Spans.longer;

import java.time.Duration;
import java.time.Instant;

/**
 * The runs that became known as waiting one soon after the other; who comes after a pause begins
 * anew.
 *
 * @param last when the last one came, null if none did
 * @param longestGap between one and the next, null before the second
 */
record Arrivals(Instant last, Duration longestGap) {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  static final Arrivals NONE = new Arrivals(null, null);

  Arrivals next(Instant now) {
    if (last == null || !now.isBefore(last.plus(PAUSE))) {
      return new Arrivals(now, null);
    }
    var gap = Duration.between(last, now);
    return new Arrivals(now, longestGap == null ? gap : longer(gap, longestGap));
  }
}

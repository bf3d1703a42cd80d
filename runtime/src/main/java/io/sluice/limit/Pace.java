package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * How fast slots come free, measured over the last few that did. In memory only; an estimate for
 * people and for pacing, never a ground for granting.
 */
final class Pace {
  private static final int SAMPLES = 32;
  private static final Duration WINDOW = Duration.ofSeconds(30);
  static final Pace UNKNOWN = new Pace(new Instant[0]);

  private final Instant[] freed;

  private Pace(Instant[] freed) {
    this.freed = freed;
  }

  Pace freedAt(Instant now, int slots) {
    int added = Math.min(slots, SAMPLES);
    int kept = Math.min(freed.length, SAMPLES - added);
    var next = Arrays.copyOfRange(freed, freed.length - kept, freed.length + added);
    Arrays.fill(next, kept, next.length, now);
    return new Pace(next);
  }

  /** How long {@code slots} more take to come free; null if fewer than two came free lately. */
  Duration toFree(int slots, Instant now) {
    int seen = seen(now);
    return seen < 2 ? null : Duration.ofNanos((long) ((double) nanos(seen, now) / seen * slots));
  }

  /** How many come free {@code within}; -1 if fewer than two came free lately. */
  int freedWithin(Duration within, Instant now) {
    int seen = seen(now);
    if (seen < 2) {
      return -1;
    }
    double each = (double) Math.max(1, nanos(seen, now)) / seen;
    return (int) Math.min(within.toNanos() / each, LimitBounds.STARTABLE_MAX);
  }

  private long nanos(int seen, Instant now) {
    return Math.max(0, Duration.between(freed[freed.length - seen], now).toNanos());
  }

  private int seen(Instant now) {
    var since = now.minus(WINDOW);
    int first = 0;
    while (first < freed.length && freed[first].isBefore(since)) {
      first++;
    }
    return freed.length - first;
  }
}

package io.sluice.limit;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long a slot is held, measured over the last few that came free and those that are held still:
 * the time held by all together for each that came free. Time in which nobody held a slot does not
 * count, so that a pause says nothing about the pace after it. In memory only; an estimate for
 * people and for pacing, never a ground for granting.
 */
final class Pace {
  private static final int SAMPLES = 32;
  private static final Duration LONGEST = Duration.ofDays(365);
  static final Pace UNKNOWN = new Pace(new long[0]);

  private final long[] holdNanos;

  private Pace(long[] holdNanos) {
    this.holdNanos = holdNanos;
  }

  /** After {@code slots} came free that were held for {@code hold}. */
  Pace freed(Duration hold, int slots) {
    int added = Math.min(slots, SAMPLES);
    int kept = Math.min(holdNanos.length, SAMPLES - added);
    long nanos = hold.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : Math.max(0, hold.toNanos());
    var next = Arrays.copyOfRange(holdNanos, holdNanos.length - kept, holdNanos.length + added);
    Arrays.fill(next, kept, next.length, nanos);
    return new Pace(next);
  }

  /**
   * How long a slot is held.
   *
   * @param stillHeld for how long the present holders have held their slots, together
   * @return null if none came free so far
   */
  Duration hold(Duration stillHeld) {
    if (holdNanos.length == 0) {
      return null;
    }
    var held = Duration.ofNanos(Arrays.stream(holdNanos).sum() / holdNanos.length);
    return held.plus(stillHeld.dividedBy(holdNanos.length));
  }
}

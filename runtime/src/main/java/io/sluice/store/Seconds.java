package io.sluice.store;

import java.time.Duration;

/** Durations as Prefect writes them: in seconds, with a fraction. */
public final class Seconds {
  private static final double NANOS = 1e9;
  private static final int HALF_NANOS = 500_000_000;

  private Seconds() {}

  /**
   * Any duration, also those of more than the 292 years that a {@code long} holds in nanoseconds.
   */
  public static double of(Duration duration) {
    return duration.getSeconds() + duration.getNano() / NANOS;
  }

  /** To the next whole second, at exactly half of one to the one before; at most an {@code int}. */
  public static int rounded(Duration duration) {
    long seconds = duration.getSeconds() + (duration.getNano() > HALF_NANOS ? 1 : 0);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, seconds));
  }
}

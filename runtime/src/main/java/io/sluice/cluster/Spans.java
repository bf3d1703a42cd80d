package io.sluice.cluster;

import java.time.Duration;

/** Bounds of durations; {@link Duration} itself has none. */
public final class Spans {
  private Spans() {}

  /** The shorter of two. */
  public static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The longer of two. */
  public static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}

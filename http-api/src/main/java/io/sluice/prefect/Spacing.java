package io.sluice.prefect;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Turns that are at least so far apart; who comes when there was none for a while has it now. */
final class Spacing {
  private final long nanos;
  private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

  Spacing(int perSecond) {
    this.nanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /**
   * Takes the next turn.
   *
   * @param now in nanoseconds, of any origin, the same each time
   * @return in how many nanoseconds it is
   */
  long take(long now) {
    return next.updateAndGet(free -> Math.max(free, now) + nanos) - nanos - now;
  }

  /** From one turn to the next, in nanoseconds. */
  long nanos() {
    return nanos;
  }
}

package io.sluice.cluster;

import java.time.Duration;

/**
 * Whether a process that notes its beats may have stood still: between two of them, or since the
 * last one. Pure: times are those of a monotonic clock, in nanoseconds.
 */
final class Beats {
  private final long longest;
  private final long unsureFor;
  private long last;
  private long unsureUntil;

  /**
   * @param longest time between two beats that is nothing unusual
   * @param unsureFor how long after a longer one the process is not sure of its place
   */
  Beats(Duration longest, Duration unsureFor, long now) {
    this.longest = longest.toNanos();
    this.unsureFor = unsureFor.toNanos();
    this.last = now;
    this.unsureUntil = now;
  }

  synchronized void beat(long now) {
    if (now - last > longest) {
      unsureUntil = now + unsureFor;
    }
    last = now;
  }

  synchronized boolean isSure(long now) {
    return now - last <= longest && now - unsureUntil >= 0;
  }
}

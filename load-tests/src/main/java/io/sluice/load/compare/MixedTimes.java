package io.sluice.load.compare;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What the clients of a mixed load did, and how soon they were answered at the begin and at the end
 * of the round.
 */
final class MixedTimes {
  private static final int DIGITS = 3;
  private static final int PARTS = 6;
  private static final double NANOS = 1e9;

  private final long firstUntil;
  private final long lastFrom;
  private final Histogram first = new Histogram(DIGITS);
  private final Histogram last = new Histogram(DIGITS);
  private final Map<Deed, Long> done = new EnumMap<>(Deed.class);

  /** What a client may do. */
  enum Deed {
    /** Take a slot that many want. */
    HOT,
    /** Take slots of two limits in one request. */
    TWO,
    /** Take a slot and renew its lease. */
    RENEWED,
    /** Ask for leave to go on, at a rate. */
    RATE,
    /** Create a flow run and take it to its end. */
    RUN,
    /** Look at runs and limits. */
    READ
  }

  /** In nanoseconds of {@link System#nanoTime()}. */
  MixedTimes(long began, long end) {
    this.firstUntil = began + (end - began) / PARTS;
    this.lastFrom = end - (end - began) / PARTS;
  }

  synchronized void done(Deed deed) {
    done.merge(deed, 1L, Long::sum);
  }

  /** A request that need not wait for anybody was answered. */
  synchronized void answered(long sent, long at) {
    if (at < firstUntil) {
      first.recordValue(at - sent);
    } else if (at > lastFrom) {
      last.recordValue(at - sent);
    }
  }

  synchronized long done() {
    return done.values().stream().mapToLong(Long::longValue).sum();
  }

  synchronized void addTo(Round.Builder round, Duration time) {
    round.put("done_per_s", done() / (time.toNanos() / NANOS));
    for (var deed : Deed.values()) {
      long times = done.getOrDefault(deed, 0L);
      round.put("done_" + deed.name().toLowerCase(Locale.ROOT), times);
      if (times == 0) {
        round.fault("nobody came to an end with " + deed);
      }
    }
    round.times("answer_first_sixth", first).times("answer_last_sixth", last);
  }
}

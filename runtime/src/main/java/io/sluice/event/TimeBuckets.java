package io.sluice.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Equal spans of time from a Monday on (Prefect 3.8.8, server/events/counting.py), and how many
 * events fell into each.
 */
public final class TimeBuckets {
  /** Before the first event of any Prefect; a Monday. */
  private static final Instant PIVOT = Instant.parse("2024-04-01T00:00:00Z");

  /** More are refused. */
  public static final int MAX = 1000;

  /**
   * One span.
   *
   * @param last its last microsecond
   */
  public record Bucket(Instant start, Instant last, int count) {}

  private final Instant start;
  private final Duration span;
  private final int[] counts;

  /**
   * The spans that {@code since} to {@code until} touch.
   *
   * @param span more than zero, so long that they are at most {@link #MAX}; see {@link #needed}
   */
  public TimeBuckets(Instant since, Instant until, Duration span) {
    this.span = span;
    long index = Math.floorDiv(micros(Duration.between(PIVOT, since)), micros(span));
    this.start = PIVOT.plus(span.multipliedBy(index));
    long spans = ceil(Duration.between(start, until), span);
    this.counts = new int[(int) spans];
  }

  /** How many spans that would be. */
  public static long needed(Instant since, Instant until, Duration span) {
    return ceil(Duration.between(since, until), span);
  }

  private static long ceil(Duration length, Duration span) {
    return length.isNegative() ? 0 : -Math.floorDiv(-micros(length), micros(span));
  }

  private static long micros(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
  }

  void add(Event event) {
    long index = Math.floorDiv(micros(Duration.between(start, event.occurred())), micros(span));
    if (index >= 0 && index < counts.length) {
      counts[(int) index]++;
    }
  }

  public List<Bucket> all() {
    var buckets = new ArrayList<Bucket>();
    for (int i = 0; i < counts.length; i++) {
      var from = start.plus(span.multipliedBy(i));
      buckets.add(new Bucket(from, from.plus(span).minusNanos(1000), counts[i]));
    }
    return buckets;
  }
}

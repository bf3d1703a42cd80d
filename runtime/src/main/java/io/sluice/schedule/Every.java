package io.sluice.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * Once in every interval, counted from an anchor in both directions (Prefect 3.8.8,
 * server/schemas/schedules.py IntervalSchedule). Intervals of a day or more are counted on the
 * clock on the wall, so that a daily run keeps its hour when clocks change; shorter ones are
 * counted in elapsed time.
 *
 * <p>One deviation: Prefect takes the step from the anchor to the present in elapsed time, so that
 * the hour depends on which side of a clock change it is asked. Here the hour is always that of the
 * anchor, as Prefect's documentation says.
 *
 * @param interval longer than zero
 */
public record Every(Duration interval, Instant anchor, ZoneId zone) implements Recurrence {
  private static final Duration DAY = Duration.ofDays(1);

  /** What Prefect's timedelta can hold. */
  private static final double SECONDS_MAX = 999_999_999L * 86_400.0;

  private static final double MICROS = 1e6;

  public Every {
    if (interval.isNegative() || interval.isZero()) {
      throw new BadSchedule("The interval must be greater than 0.");
    }
  }

  /**
   * @param seconds a microsecond to 999,999,999 days
   * @throws BadSchedule otherwise
   */
  public static Duration interval(double seconds) {
    if (!(seconds < SECONDS_MAX)) {
      throw new BadSchedule("The interval must be 999999999 days or less.");
    }
    long whole = (long) Math.floor(seconds);
    var interval =
        Duration.ofSeconds(whole).plusNanos(Math.round((seconds - whole) * MICROS) * 1000);
    return new Every(interval, Instant.EPOCH, ZoneId.of("UTC")).interval();
  }

  @Override
  public Iterator<Instant> from(Instant start) {
    if (interval.compareTo(DAY) >= 0) {
      return new WallTimes(walls(start), zone, start);
    }
    long steps = Duration.between(anchor, start).dividedBy(interval) - 1;
    var first = anchor.plus(interval.multipliedBy(steps));
    return Stream.iterate(first, time -> time.plus(interval))
        .dropWhile(time -> time.isBefore(start))
        .iterator();
  }

  private Iterator<LocalDateTime> walls(Instant start) {
    var anchored = LocalDateTime.ofInstant(anchor, zone);
    var first = WallTimes.firstLocal(start, zone);
    long steps = Duration.between(anchored, first).dividedBy(interval) - 1;
    return Stream.iterate(anchored.plus(interval.multipliedBy(steps)), time -> time.plus(interval))
        .iterator();
  }
}

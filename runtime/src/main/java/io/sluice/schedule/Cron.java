package io.sluice.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The times of a cron expression (Prefect 3.8.8, server/schemas/schedules.py CronSchedule) on the
 * clock of {@code zone}.
 *
 * <p>Two deviations, both where croniter leaves times out: a list of days such as {@code 1,31} runs
 * on the first after a short month too; and {@code 1} with {@code 5#2} means either of both.
 *
 * @param eitherDay whether a day has to fit day of month or day of week, when both are restricted,
 *     rather than both
 */
public record Cron(CronExpression expression, ZoneId zone, boolean eitherDay)
    implements Recurrence {
  /** croniter looks as far ahead for the next time. */
  private static final int YEARS_WITHOUT = 50;

  @Override
  public Iterator<Instant> from(Instant start) {
    return new WallTimes(new Walls(WallTimes.firstLocal(start, zone)), zone, start);
  }

  /** Local times that fit, from {@code from} on. */
  private final class Walls implements Iterator<LocalDateTime> {
    private Optional<LocalDateTime> next;

    Walls(LocalDateTime from) {
      var whole = from.truncatedTo(ChronoUnit.SECONDS);
      next = fitting(whole.equals(from) ? whole : whole.plusSeconds(1));
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public LocalDateTime next() {
      var time = next.orElseThrow(NoSuchElementException::new);
      next = fitting(time.plusSeconds(1));
      return time;
    }
  }

  private Optional<LocalDateTime> fitting(LocalDateTime from) {
    var day = from.toLocalDate();
    if (expression.fits(day, eitherDay)) {
      var time = expression.timeFrom(from.toLocalTime());
      if (time.isPresent()) {
        return time.map(day::atTime);
      }
    }
    return dayAfter(day)
        .map(next -> next.atTime(expression.timeFrom(LocalTime.MIDNIGHT).orElseThrow()));
  }

  private Optional<LocalDate> dayAfter(LocalDate day) {
    var end = day.plusYears(YEARS_WITHOUT);
    for (var next = day.plusDays(1); !next.isAfter(end); next = next.plusDays(1)) {
      if (expression.fits(next, eitherDay)) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }
}

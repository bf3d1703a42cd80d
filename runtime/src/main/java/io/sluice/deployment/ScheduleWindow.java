package io.sluice.deployment;

import com.typesafe.config.Config;
import java.time.Duration;
import java.time.Instant;

/**
 * How far ahead runs are scheduled; defaults in {@code reference.conf} under {@code
 * sluice.schedule}.
 *
 * @param start no run is earlier
 * @param end no run is later
 * @param minTime from {@code start}: runs are scheduled until at least then
 * @param minRuns of each schedule there are at least so many
 * @param maxRuns and at most so many
 * @param every how often this is asked at most
 */
public record ScheduleWindow(
    Instant start, Instant end, Duration minTime, int minRuns, int maxRuns, Duration every) {

  /** The usual window of a scheduler at {@code now}. */
  public static ScheduleWindow at(Instant now, Config schedule) {
    return new ScheduleWindow(
        now,
        now.plus(schedule.getDuration("time-max")),
        schedule.getDuration("time-min"),
        schedule.getInt("runs-min"),
        schedule.getInt("runs-max"),
        schedule.getDuration("every"));
  }
}

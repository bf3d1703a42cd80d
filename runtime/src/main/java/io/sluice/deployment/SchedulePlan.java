package io.sluice.deployment;

import io.sluice.schedule.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which runs the active schedules of a deployment should have, and when that has to be asked again
 * (Prefect 3.8.8, models/deployments.py _generate_scheduled_flow_runs). Pure.
 *
 * @param runs by schedule, then by time
 * @param next null if there is nothing to schedule
 */
public record SchedulePlan(List<Planned> runs, Instant next) {
  /** A schedule that ends, or has no date in sight, is looked at again after this. */
  private static final Duration LOOK_AGAIN = Duration.ofDays(1);

  /** A run of {@code schedule} at a time, as written in the zone of the schedule. */
  public record Planned(Schedule schedule, Instant at, String written) {}

  static SchedulePlan of(Deployment deployment, ScheduleWindow window) {
    var runs = new ArrayList<Planned>();
    Instant next = null;
    for (var schedule : deployment.schedules()) {
      if (schedule.active()) {
        var recurrence = ScheduleText.recurrence(schedule.schedule());
        var dates = dates(recurrence, schedule, window);
        dates.forEach(
            at -> runs.add(new Planned(schedule, at, ScheduleText.written(at, recurrence.zone()))));
        next = earlier(next, next(dates, schedule, window));
      }
    }
    return new SchedulePlan(List.copyOf(runs), next);
  }

  private static int most(Schedule schedule, int runs) {
    return schedule.maxScheduledRuns() == null ? runs : Math.min(schedule.maxScheduledRuns(), runs);
  }

  private static List<Instant> dates(
      Recurrence recurrence, Schedule schedule, ScheduleWindow window) {
    var dates = new ArrayList<Instant>();
    var enough = window.start().plus(window.minTime());
    int atLeast = most(schedule, window.minRuns());
    for (var date :
        recurrence.between(window.start(), window.end(), most(schedule, window.maxRuns()))) {
      dates.add(date);
      if (dates.size() >= atLeast && !date.isBefore(enough)) {
        break;
      }
    }
    return dates;
  }

  /** When there are too few runs ahead, or the last one is too near. */
  private static Instant next(List<Instant> dates, Schedule schedule, ScheduleWindow window) {
    int atLeast = most(schedule, window.minRuns());
    var soonest = window.start().plus(window.every());
    if (dates.isEmpty() || dates.size() < atLeast) {
      return window.start().plus(LOOK_AGAIN);
    }
    var tooFew = dates.get(Math.max(0, dates.size() - Math.max(1, atLeast))).plusSeconds(1);
    var tooNear = dates.get(dates.size() - 1).minus(window.minTime());
    var due = earlier(tooFew, tooNear);
    return due.isBefore(soonest) ? soonest : due;
  }

  private static Instant earlier(Instant one, Instant other) {
    return one == null || other.isBefore(one) ? other : one;
  }
}

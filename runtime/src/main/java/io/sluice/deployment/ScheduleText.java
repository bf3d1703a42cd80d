package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.schedule.CalendarRule;
import io.sluice.schedule.Cron;
import io.sluice.schedule.CronExpression;
import io.sluice.schedule.Every;
import io.sluice.schedule.Recurrence;
import io.sluice.schedule.RuleText;
import io.sluice.schedule.Zones;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Schedules as clients write them (Prefect 3.8.8, schemas/schedules.py). */
final class ScheduleText {
  private static final DateTimeFormatter WHOLE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx");
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSSxxx");

  private ScheduleText() {}

  /**
   * The times of {@code schedule}.
   *
   * @throws io.sluice.schedule.BadSchedule if it was stored unchecked
   */
  static Recurrence recurrence(JsonNode schedule) {
    var zone = Zones.of(schedule.path("timezone").asText(null));
    if (schedule.hasNonNull("interval")) {
      return new Every(
          Every.interval(schedule.path("interval").asDouble()),
          Instant.parse(schedule.path("anchor_date").asText()),
          zone);
    } else if (schedule.hasNonNull("cron")) {
      return new Cron(
          CronExpression.parse(schedule.path("cron").asText()),
          zone,
          schedule.path("day_or").asBoolean(true));
    }
    return new CalendarRule(RuleText.parse(schedule.path("rrule").asText()), zone);
  }

  /** What Prefect calls this kind of schedule. */
  static String kind(JsonNode schedule) {
    if (schedule.hasNonNull("interval")) {
      return "IntervalSchedule";
    }
    return schedule.hasNonNull("cron") ? "CronSchedule" : "RRuleSchedule";
  }

  /** {@code 2026-11-21 12:00:00+00:00}, as in the idempotency keys of scheduled runs. */
  static String written(Instant time, ZoneId zone) {
    var format = time.getNano() == 0 ? WHOLE : MICROS;
    return format.format(time.atZone(zone == null ? ZoneOffset.UTC : zone));
  }
}

package io.sluice.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What {@link AsPrefectTest} leaves out: where Sluice deviates from Prefect, and bounds. */
@DisplayName("A schedule in New York")
class RecurrenceTest {
  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final Instant BEFORE_SPRING = Instant.parse("2025-03-08T05:00:00Z");
  private static final Instant BEFORE_AUTUMN = Instant.parse("2025-11-01T04:00:00Z");

  private static Recurrence cron(String text) {
    return new Cron(CronExpression.parse(text), NEW_YORK, true);
  }

  private static Recurrence rule(String text) {
    return new CalendarRule(RuleText.parse(text), NEW_YORK);
  }

  private static Recurrence daily(String anchor) {
    return new Every(Duration.ofDays(1), Instant.parse(anchor), NEW_YORK);
  }

  private static List<String> local(Recurrence schedule, Instant start, int count) {
    return schedule.between(start, Instant.MAX, count).stream()
        .map(time -> time.atZone(NEW_YORK).toOffsetDateTime().toString())
        .collect(Collectors.toList());
  }

  @Nested
  class WhenClocksAreSetForward {
    @Test
    void a_time_that_is_left_out_comes_as_late_as_if_they_were_not() {
      var expected =
          List.of(
              "2025-03-08T02:30-05:00",
              "2025-03-09T03:30-04:00",
              "2025-03-10T02:30-04:00",
              "2025-03-11T02:30-04:00");
      assertThat(local(cron("30 2 * * *"), BEFORE_SPRING, 4)).isEqualTo(expected);
      assertThat(local(rule("FREQ=DAILY;BYHOUR=2;BYMINUTE=30"), BEFORE_SPRING, 4))
          .isEqualTo(expected);
      assertThat(local(daily("2025-03-01T07:30:00Z"), BEFORE_SPRING, 4)).isEqualTo(expected);
    }

    @Test
    void times_stay_in_order_and_apart() {
      assertThat(local(cron("0,45 2,3 * * *"), Instant.parse("2025-03-09T06:00:00Z"), 3))
          .containsExactly(
              "2025-03-09T03:00-04:00", "2025-03-09T03:45-04:00", "2025-03-10T02:00-04:00");
      assertThat(local(cron("15 2-3 * * *"), Instant.parse("2025-03-09T06:00:00Z"), 2))
          .containsExactly("2025-03-09T03:15-04:00", "2025-03-10T02:15-04:00");
      assertThat(local(cron("45 2,5 9 * *"), Instant.parse("2025-03-09T07:20:00Z"), 2))
          .containsExactly("2025-03-09T03:45-04:00", "2025-03-09T05:45-04:00");
    }
  }

  @Nested
  class WhenClocksAreSetBack {
    @Test
    void an_hour_that_comes_twice_is_meant_the_first_time() {
      assertThat(local(cron("30 1 * * *"), BEFORE_AUTUMN, 3))
          .containsExactly(
              "2025-11-01T01:30-04:00", "2025-11-02T01:30-04:00", "2025-11-03T01:30-05:00");
    }

    @Test
    void a_start_in_its_second_coming_gives_nothing_that_is_over() {
      assertThat(local(cron("30 * * * *"), Instant.parse("2025-11-02T06:10:00Z"), 2))
          .containsExactly("2025-11-02T02:30-05:00", "2025-11-02T03:30-05:00");
    }

    @Test
    void elapsed_hours_are_counted_for_intervals_below_a_day() {
      var hourly = new Every(Duration.ofHours(1), Instant.parse("2025-11-01T00:30:00Z"), NEW_YORK);
      assertThat(local(hourly, Instant.parse("2025-11-02T05:00:00Z"), 3))
          .containsExactly(
              "2025-11-02T01:30-04:00", "2025-11-02T01:30-05:00", "2025-11-02T02:30-05:00");
    }
  }

  @Test
  void of_a_day_keeps_the_hour_of_its_anchor_in_the_other_half_of_the_year() {
    assertThat(local(daily("2025-01-01T14:00:00Z"), Instant.parse("2025-07-01T00:00:00Z"), 2))
        .containsExactly("2025-07-01T09:00-04:00", "2025-07-02T09:00-04:00");
  }

  @Test
  void of_the_first_and_the_last_day_leaves_no_month_out() {
    var start = Instant.parse("2025-02-02T00:00:00Z");
    assertThat(local(cron("0 0 1,31 * *"), start, 3))
        .containsExactly(
            "2025-03-01T00:00-05:00", "2025-03-31T00:00-04:00", "2025-04-01T00:00-04:00");
    assertThat(local(cron("0 0 1 * 5#2"), start, 3))
        .containsExactly(
            "2025-02-14T00:00-05:00", "2025-03-01T00:00-05:00", "2025-03-14T00:00-04:00");
  }

  @Test
  void that_never_comes_has_no_times() {
    assertThat(cron("0 0 30 2 *").from(BEFORE_SPRING).hasNext()).isFalse();
    assertThat(rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").from(BEFORE_SPRING).hasNext()).isFalse();
    assertThat(rule("FREQ=DAILY EXRULE:FREQ=DAILY").from(BEFORE_SPRING).hasNext()).isFalse();
    assertThat(rule("FREQ=DAILY;COUNT=3").from(BEFORE_SPRING).hasNext()).isFalse();
  }

  @Test
  void by_rule_ends_with_the_last_possible_date() {
    var text = "DTSTART:20250308T090000\nRRULE:FREQ=DAILY;UNTIL=20250310T090000";
    assertThat(local(rule(text), BEFORE_SPRING, 9))
        .containsExactly(
            "2025-03-08T09:00-05:00", "2025-03-09T09:00-04:00", "2025-03-10T09:00-04:00");
  }

  @Test
  void by_rule_gets_a_start_that_is_recent_where_it_repeats_often() {
    var now = Instant.parse("2026-11-21T15:00:20Z");
    assertThat(RuleText.anchored("FREQ=MINUTELY;INTERVAL=7", NEW_YORK, now))
        .isEqualTo("DTSTART:20261121T095400\nFREQ=MINUTELY;INTERVAL=7");
    assertThat(RuleText.anchored("FREQ=DAILY", NEW_YORK, now))
        .isEqualTo("DTSTART:20200101T000000\nFREQ=DAILY");
    assertThat(RuleText.anchored("FREQ=MINUTELY;COUNT=9", NEW_YORK, now))
        .startsWith("DTSTART:20200101T000000");
    assertThat(RuleText.anchored("DTSTART:20250101T000000\nRRULE:FREQ=DAILY", NEW_YORK, now))
        .startsWith("DTSTART:20250101");
  }

  @Test
  void has_an_interval_from_a_microsecond_to_a_billion_days() {
    assertThat(Every.interval(0.000001)).isEqualTo(Duration.ofNanos(1000));
    assertThat(Every.interval(999_999_998 * 86400.0)).isEqualTo(Duration.ofDays(999_999_998));
    for (var seconds : List.of(0.0, -1.0, 0.0000001, 1e15, Double.NaN)) {
      assertThatThrownBy(() -> Every.interval(seconds)).isInstanceOf(BadSchedule.class);
    }
  }

  @Test
  void knows_the_zones_of_the_database_and_no_others() {
    assertThat(Zones.of("")).isEqualTo(Zones.of(null)).isEqualTo(java.time.ZoneOffset.UTC);
    assertThat(Zones.of("EST")).isEqualTo(java.time.ZoneOffset.ofHours(-5));
    for (var name : List.of("Mars/Base", "+02:00", "UTC+1", "SystemV/EST5", "america/new_york")) {
      assertThatThrownBy(() -> Zones.of(name)).isInstanceOf(BadSchedule.class);
    }
  }

  @Test
  void refuses_a_rule_of_more_than_6500_characters() {
    var dates = "RDATE:" + "20260101T000000,".repeat(405) + "20260101T000000";
    assertThatThrownBy(() -> RuleText.parse(dates)).hasMessageContaining("6500");
  }
}

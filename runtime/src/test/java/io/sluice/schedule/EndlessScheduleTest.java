package io.sluice.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a client may send and no client means; owners of deployments ask on their own threads. */
@DisplayName("A schedule that could be asked for its next date for ever")
class EndlessScheduleTest {
  private static final Instant NOW = Instant.parse("2026-11-21T09:00:00Z");
  private static final ZoneId UTC = ZoneId.of("UTC");

  @TestFactory
  Stream<DynamicTest> answers_soon_and_without_failing() {
    return Stream.of(
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
            "FREQ=SECONDLY;BYSETPOS=366;BYSECOND=0",
            "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;BYMONTH=6",
            "FREQ=DAILY;INTERVAL=999999999",
            "FREQ=DAILY;COUNT=999999999",
            "FREQ=SECONDLY;COUNT=999999999",
            "FREQ=SECONDLY;INTERVAL=999999999",
            "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
            "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;COUNT=999999999",
            "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=7",
            "DTSTART:00010101T000000\nRRULE:FREQ=SECONDLY;INTERVAL=7",
            "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;BYMONTH=1;BYHOUR=3;BYMINUTE=7;BYSECOND=1",
            "DTSTART:99991231T235959\nRRULE:FREQ=SECONDLY",
            "RRULE:FREQ=SECONDLY\nEXRULE:FREQ=SECONDLY",
            "DTSTART:19000101T000000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=SECONDLY",
            "DTSTART:19000101T000000\nRRULE:FREQ=SECONDLY;BYDAY=MO\nEXRULE:FREQ=SECONDLY")
        .map(rule -> DynamicTest.dynamicTest(rule, () -> answersSoon(rule)));
  }

  private static void answersSoon(String rule) {
    var text = RuleText.anchored(rule, UTC, NOW);
    var dates =
        Assertions.assertTimeoutPreemptively(
            Duration.ofSeconds(30),
            () ->
                new CalendarRule(RuleText.parse(text), UTC)
                    .between(NOW, NOW.plus(Duration.ofDays(100)), 100));
    assertThat(dates).hasSizeLessThanOrEqualTo(100);
  }

  /** What begins long ago is asked for from near by; the dates must be those of its begin. */
  @Test
  void keeps_step_with_its_begin_however_long_ago() {
    check("FREQ=DAILY;INTERVAL=3", Duration.ofDays(3));
    check("FREQ=HOURLY;INTERVAL=7", Duration.ofHours(7));
    check("FREQ=MINUTELY;INTERVAL=11", Duration.ofMinutes(11));
    check("FREQ=SECONDLY;INTERVAL=13", Duration.ofSeconds(13));
  }

  private static void check(String rule, Duration period) {
    var begin = Instant.parse("1903-02-28T03:04:05Z");
    var text = RuleText.parse("DTSTART:19030228T030405\nRRULE:" + rule);
    var dates = new CalendarRule(text, UTC).between(NOW, Instant.MAX, 3);
    long steps = Duration.between(begin, NOW).dividedBy(period) + 1;
    var first = begin.plus(period.multipliedBy(steps));
    assertThat(dates).containsExactly(first, first.plus(period), first.plus(period).plus(period));
  }

  @Test
  void is_refused_if_it_is_a_cron_of_thousands_of_minutes() {
    assertThatThrownBy(() -> CronExpression.parse("0,".repeat(5000) + "0 * * * *"))
        .isInstanceOf(BadSchedule.class)
        .hasMessageContaining("10009 characters");
  }
}

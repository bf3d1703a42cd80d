package io.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of a deployment's runs")
class SchedulePlanTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static Schedule every(Duration interval, Integer max, boolean active) {
    JsonNode text =
        JsonNodeFactory.instance
            .objectNode()
            .put("interval", interval.toMillis() / 1000.0)
            .put("anchor_date", NOON.toString())
            .put("timezone", "UTC");
    return new Schedule(UUID.randomUUID(), NOON, NOON, text, active, max, null, null);
  }

  private static SchedulePlan plan(Schedule... schedules) {
    var deployment =
        new Deployment(
            UUID.randomUUID(),
            0,
            NOON,
            NOON,
            new DeploymentSpec.Builder().build(),
            List.of(schedules),
            null,
            false,
            null,
            false,
            null);
    var defaults = ConfigFactory.defaultReference().getConfig("sluice.schedule");
    return SchedulePlan.of(deployment, ScheduleWindow.at(NOON, defaults));
  }

  private static List<Instant> times(SchedulePlan plan) {
    return plan.runs().stream().map(SchedulePlan.Planned::at).toList();
  }

  @Test
  void has_three_runs_of_a_schedule_that_is_slow_and_is_made_again_after_the_first() {
    var plan = plan(every(Duration.ofDays(1), null, true));
    assertThat(times(plan))
        .containsExactly(NOON, NOON.plusSeconds(86_400), NOON.plusSeconds(172_800));
    assertThat(plan.next()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void has_an_hour_of_runs_of_a_schedule_that_is_fast() {
    var plan = plan(every(Duration.ofMinutes(5), null, true));
    assertThat(times(plan)).hasSize(13).endsWith(NOON.plusSeconds(3600));
    assertThat(plan.next()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void has_100_runs_at_most_and_none_later_than_100_days() {
    assertThat(times(plan(every(Duration.ofSeconds(1), null, true)))).hasSize(100);
    assertThat(times(plan(every(Duration.ofDays(40), null, true)))).hasSize(3);
    assertThat(times(plan(every(Duration.ofDays(51), null, true)))).hasSize(2);
  }

  @Test
  void has_no_more_runs_than_the_schedule_wants() {
    var plan = plan(every(Duration.ofHours(1), 2, true));
    assertThat(times(plan)).containsExactly(NOON, NOON.plusSeconds(3600));
  }

  @Test
  void is_made_again_when_fewer_than_three_are_ahead_or_the_last_is_nearer_than_an_hour() {
    var later = every(Duration.ofHours(2), null, true);
    assertThat(plan(later).next()).isEqualTo(NOON.plusSeconds(60));
    var deployment = plan(every(Duration.ofDays(51), null, true));
    assertThat(deployment.next()).isEqualTo(NOON.plus(Duration.ofDays(1)));
  }

  @Test
  void has_nothing_of_a_schedule_that_is_not_active_and_is_never_made_again() {
    var plan = plan(every(Duration.ofHours(1), null, false));
    assertThat(plan.runs()).isEmpty();
    assertThat(plan.next()).isNull();
  }

  @Test
  void writes_times_in_the_zone_of_the_schedule_as_prefect_does() {
    var zone = java.time.ZoneId.of("America/New_York");
    assertThat(ScheduleText.written(NOON, zone)).isEqualTo("2026-11-21 07:00:00-05:00");
    assertThat(ScheduleText.written(NOON.plusMillis(500), java.time.ZoneOffset.UTC))
        .isEqualTo("2026-11-21 12:00:00.500000+00:00");
  }
}

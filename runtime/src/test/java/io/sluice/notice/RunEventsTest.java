package io.sluice.notice;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Event;
import io.sluice.run.CreatedBy;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.Progress;
import io.sluice.run.RunSpec;
import io.sluice.run.State;
import io.sluice.run.StateDetails;
import io.sluice.run.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The event of a flow run's state")
class RunEventsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.250Z");
  private static final UUID RUN = UUID.fromString("00000000-0000-0001-0000-000000000001");

  private static State state(StateType type, String name, String message, Instant at) {
    return new State(
        UUID.randomUUID(),
        type,
        name,
        at,
        message,
        null,
        StateDetails.NONE.with(d -> d.pauseReschedule = true));
  }

  private static Event entered(State before, State after) {
    var spec = new RunSpec.Builder();
    spec.name = "brave-crab";
    var run =
        new FlowRun(
            RUN,
            3,
            NOON,
            NOON,
            spec.build(),
            FlowRunPolicy.NONE,
            Progress.NONE.withRunCount(2),
            after);
    return RunEvents.event(before, run, List.of(), NOON.plusSeconds(1));
  }

  @Test
  void names_what_the_run_is_now() {
    var after = state(StateType.RUNNING, "Retrying", null, NOON);
    var event = entered(state(StateType.SCHEDULED, "Late", "", NOON.minusSeconds(9)), after);
    assertThat(event.event()).isEqualTo("prefect.flow-run.Retrying");
    assertThat(event.id()).isEqualTo(after.id());
    assertThat(event.occurred()).isEqualTo(NOON);
    assertThat(event.received()).isEqualTo(NOON.plusSeconds(1));
    assertThat(event.resource())
        .isEqualTo(
            Map.of(
                "prefect.resource.id",
                "prefect.flow-run." + RUN,
                "prefect.resource.name",
                "brave-crab",
                "prefect.run-count",
                "2",
                "prefect.state-message",
                "",
                "prefect.state-name",
                "Retrying",
                "prefect.state-timestamp",
                "2026-11-22T12:00:00.250000+00:00",
                "prefect.state-type",
                "RUNNING"));
  }

  @Test
  void says_from_where_to_where_it_went() {
    var before = state(StateType.SCHEDULED, "Late", "", NOON.minusSeconds(9));
    assertThat(entered(before, state(StateType.PAUSED, "Paused", "why", NOON)).payload())
        .hasToString(
            "{'intended':{'from':'SCHEDULED','to':'PAUSED'},".replace('\'', '"')
                + "'initial_state':{'type':'SCHEDULED','name':'Late'},".replace('\'', '"')
                + "'validated_state':{'type':'PAUSED','name':'Paused','message':'why',"
                    .replace('\'', '"')
                + "'pause_reschedule':'true'}}".replace('\'', '"'));
    assertThat(entered(null, before).payload().path("initial_state").isNull()).isTrue();
  }

  @Test
  void follows_that_of_the_state_before_unless_it_is_long_ago() {
    var near = state(StateType.PENDING, "Pending", null, NOON.minus(Duration.ofSeconds(299)));
    var far = state(StateType.PENDING, "Pending", null, NOON.minus(Duration.ofSeconds(300)));
    var now = state(StateType.RUNNING, "Running", null, NOON);
    assertThat(entered(near, now).follows()).isEqualTo(near.id());
    assertThat(entered(far, now).follows()).isNull();
    assertThat(entered(null, now).follows()).isNull();
  }

  @Test
  void keeps_both_ends_of_a_long_message() {
    assertThat(RunEvents.cut("a".repeat(100_000))).hasSize(100_000);
    assertThat(RunEvents.cut("a".repeat(100_020))).hasSize(100_020);
    var cut = RunEvents.cut("a".repeat(60_000) + "b".repeat(60_000));
    assertThat(cut)
        .hasSize(100_000 + "...20000 additional characters...".length())
        .startsWith("aaa")
        .contains("a...20000 additional characters...b")
        .endsWith("bbb");
  }

  @Test
  void writes_times_as_python_does() {
    assertThat(PythonTime.iso(Instant.parse("2026-11-22T12:00:00Z")))
        .isEqualTo("2026-11-22T12:00:00+00:00");
    assertThat(PythonTime.iso(Instant.parse("2026-11-22T12:00:00.000001Z")))
        .isEqualTo("2026-11-22T12:00:00.000001+00:00");
  }

  @Test
  void names_who_created_the_run_if_that_has_events_too() {
    var id = new UUID(1, 2);
    assertThat(Other.creator(new CreatedBy(id, "AUTOMATION", "restart")))
        .contains(
            Map.of(
                Event.ID,
                "prefect.automation." + id,
                Event.ROLE,
                "creator",
                Event.NAME,
                "restart"));
    assertThat(Other.creator(new CreatedBy(id, "DEPLOYMENT", null)))
        .contains(Map.of(Event.ID, "prefect.deployment." + id, Event.ROLE, "creator"));
    assertThat(Other.creator(new CreatedBy(id, "USER", "ann"))).isEmpty();
    assertThat(Other.creator(null)).isEmpty();
  }
}

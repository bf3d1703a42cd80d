package io.sluice.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A run wakes by itself")
class WakeCallTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final WakeBounds DEFAULTS =
      WakeBounds.from(ConfigFactory.defaultReference().getConfig("sluice.run"));
  private static final WakeBounds STRICT =
      WakeBounds.from(
          ConfigFactory.parseString("submitted-for = 900s, silent-for = 90s")
              .withFallback(ConfigFactory.defaultReference().getConfig("sluice.run")));

  private static FlowRun run(UUID deployment, String pid, ProposedState... states) {
    var spec = new RunSpec.Builder();
    spec.flowId = UUID.randomUUID();
    spec.deploymentId = deployment;
    spec.infrastructurePid = pid;
    var run = FlowRun.created(UUID.randomUUID(), spec.build(), FlowRunPolicy.NONE, NOON);
    for (var state : states) {
      var entered = state.scheduledBy(NOON).entered(UUID.randomUUID(), NOON);
      run = run.entering(entered, run.policy(), UnaryOperator.identity());
    }
    return run;
  }

  private static FlowRun deployed(ProposedState... states) {
    return run(UUID.randomUUID(), null, states);
  }

  private static ProposedState of(StateType type, String name) {
    return new ProposedState(type, name, null, null, null);
  }

  private static Instant at(FlowRun run, WakeBounds bounds) {
    return WakeCall.at(run, bounds, null);
  }

  @Test
  void to_be_late_15_s_after_its_time_but_only_as_plainly_scheduled() {
    var lateAt = NOON.plusSeconds(1015);
    var inTime = ProposedState.scheduled(StateNames.SCHEDULED, null, NOON.plusSeconds(1000));
    assertThat(at(deployed(inTime), DEFAULTS)).isEqualTo(lateAt);
    for (var name :
        new String[] {
          StateNames.LATE, StateNames.AWAITING_RETRY, StateNames.AWAITING_CONCURRENCY_SLOT
        }) {
      assertThat(at(deployed(inTime.named(name)), DEFAULTS)).as(name).isNull();
    }
  }

  @Test
  void to_fail_5_s_after_its_pause_is_over_and_never_without_an_end() {
    var running = of(StateType.RUNNING, null);
    var paused = of(StateType.PAUSED, null);
    assertThat(at(deployed(running, paused), DEFAULTS)).isNull();
    var ends = paused.with(d -> d.pauseTimeout = NOON.plusSeconds(7));
    assertThat(at(deployed(running, ends), DEFAULTS)).isEqualTo(NOON.plusSeconds(12));
  }

  @Test
  void to_give_up_a_claim_after_300_s_unless_something_was_submitted() {
    var pending = of(StateType.PENDING, null);
    assertThat(at(deployed(pending), DEFAULTS)).isEqualTo(NOON.plusSeconds(300));
    assertThat(at(deployed(of(StateType.PENDING, "Submitting")), DEFAULTS)).isNull();
    assertThat(at(run(UUID.randomUUID(), "host:1", pending), DEFAULTS)).isNull();
    assertThat(at(run(null, null, pending), DEFAULTS)).isNull();
    assertThat(at(deployed(of(StateType.PENDING, "Submitting")), STRICT))
        .isEqualTo(NOON.plusSeconds(900));
  }

  @Test
  void to_crash_only_where_that_is_switched_on_and_counts_from_when_it_was_heard() {
    var running = deployed(of(StateType.RUNNING, null));
    assertThat(at(running, DEFAULTS)).isNull();
    assertThat(at(running, STRICT)).isEqualTo(NOON.plusSeconds(90));
    assertThat(WakeCall.at(running, STRICT, NOON.plusSeconds(50))).isEqualTo(NOON.plusSeconds(140));
  }

  @Test
  void to_cancel_what_it_started_only_if_it_ran() {
    var cancelled = ProposedState.cancelled(null);
    assertThat(at(deployed(cancelled), DEFAULTS)).isNull();
    var ran = deployed(of(StateType.RUNNING, null), cancelled);
    assertThat(at(ran, DEFAULTS)).isEqualTo(NOON);
    assertThat(WakeCall.isForgotten(ran, NOON.plus(Duration.ofDays(1)))).isFalse();
    assertThat(WakeCall.isForgotten(ran, NOON.plus(Duration.ofDays(1)).plusSeconds(1))).isTrue();
  }

  @Test
  void never_after_it_ended_otherwise() {
    for (var end : new StateType[] {StateType.COMPLETED, StateType.FAILED, StateType.CRASHED}) {
      assertThat(at(deployed(of(StateType.RUNNING, null), of(end, null)), STRICT)).isNull();
    }
  }
}

package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.run.RunCommand.Change;
import io.sluice.run.RunCommand.Change.Field;
import io.sluice.run.RunCommand.Obsolete;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A flow run")
class FlowRunTest {
  private static FlowRun in(StateType type, String name) {
    return enter(Runs.created(FlowRunPolicy.NONE), type, name);
  }

  private static FlowRun enter(FlowRun run, StateType type, String name) {
    return run.entering(Runs.state(type, name, NOW), run.policy(), same -> same);
  }

  private static FlowRun retrying(RetryType how) {
    var run = Runs.created(FlowRunPolicy.NONE.with(how));
    return enter(run, SCHEDULED, StateNames.AWAITING_RETRY);
  }

  @Nested
  class InItsQueue {
    @Test
    void waits_for_a_worker_while_scheduled() {
      assertThat(in(SCHEDULED, null).isWaitingForWorker()).isTrue();
      assertThat(in(SCHEDULED, null).occupiesQueue()).isFalse();
      assertThat(Runs.created(FlowRunPolicy.NONE).isWaitingForWorker()).isFalse();
    }

    @Test
    void takes_a_slot_while_pending_or_running_only() {
      for (var type : StateType.values()) {
        assertThat(in(type, null).occupiesQueue())
            .as("%s", type)
            .isEqualTo(EnumSet.of(PENDING, RUNNING).contains(type));
      }
    }

    @Test
    void keeps_its_slot_and_is_offered_to_nobody_while_its_process_tries_again() {
      assertThat(retrying(RetryType.IN_PROCESS).occupiesQueue()).isTrue();
      assertThat(retrying(RetryType.IN_PROCESS).isWaitingForWorker()).isFalse();
    }

    @Test
    void is_offered_again_if_it_is_to_be_tried_by_another_process() {
      assertThat(retrying(RetryType.RESCHEDULE).occupiesQueue()).isFalse();
      assertThat(retrying(RetryType.RESCHEDULE).isWaitingForWorker()).isTrue();
    }
  }

  @Nested
  class NotWantedAnyMore {
    private FlowRun scheduled(String name, long dueSeconds, boolean auto) {
      var run = Runs.created(FlowRunPolicy.NONE);
      run = run.with(run.spec().with(s -> s.autoScheduled = auto), run.policy(), NOW);
      var due = NOW.plusSeconds(dueSeconds);
      var state = ProposedState.scheduled(name, null, due).entered(new java.util.UUID(1, 1), NOW);
      return run.entering(state, run.policy(), same -> same);
    }

    private boolean obsolete(FlowRun run, Obsolete why) {
      return run.isObsolete(why, NOW);
    }

    @Test
    void goes_with_its_deployment_whoever_made_it() {
      assertThat(obsolete(scheduled(null, 60, false), Obsolete.DEPLOYMENT_DELETED)).isTrue();
      assertThat(obsolete(scheduled(null, -60, true), Obsolete.DEPLOYMENT_DELETED)).isTrue();
    }

    @Test
    void stays_when_schedules_pause_unless_a_schedule_made_it() {
      assertThat(obsolete(scheduled(null, 60, false), Obsolete.DEPLOYMENT_PAUSED)).isFalse();
      assertThat(obsolete(scheduled(null, 60, true), Obsolete.DEPLOYMENT_PAUSED)).isTrue();
      assertThat(obsolete(scheduled(null, -60, true), Obsolete.DEPLOYMENT_PAUSED)).isTrue();
    }

    @Test
    void stays_when_schedules_change_if_it_is_due_already() {
      assertThat(obsolete(scheduled(null, 0, true), Obsolete.DEPLOYMENT_CHANGED)).isFalse();
      assertThat(obsolete(scheduled(null, 1, true), Obsolete.DEPLOYMENT_CHANGED)).isTrue();
    }

    @Test
    void keeps_its_place_in_line_while_it_waits_for_a_slot() {
      var waits = scheduled(StateNames.AWAITING_CONCURRENCY_SLOT, 30, true);
      assertThat(obsolete(waits, Obsolete.DEPLOYMENT_PAUSED)).isFalse();
      assertThat(obsolete(waits, Obsolete.DEPLOYMENT_CHANGED)).isFalse();
      assertThat(obsolete(waits, Obsolete.DEPLOYMENT_DELETED)).isTrue();
    }

    @Test
    void stays_once_it_has_begun() {
      for (var why : Obsolete.values()) {
        assertThat(obsolete(in(RUNNING, null), why)).isFalse();
        var again = enter(enter(in(RUNNING, null), COMPLETED, null), SCHEDULED, null);
        assertThat(obsolete(again, why)).isFalse();
      }
    }
  }

  @Nested
  class Changed {
    private final RunSpec spec =
        Runs.created(FlowRunPolicy.NONE).spec().with(s -> s.tags = List.of("a"));

    private Change change(Set<Field> given) {
      return new Change(
          given,
          "n",
          "v",
          null,
          FlowRunPolicy.NONE.with(RetryType.RESCHEDULE),
          List.of("b"),
          "host:1",
          null);
    }

    @Test
    void has_the_fields_that_were_given_and_keeps_the_others() {
      var after = change(Set.of(Field.NAME, Field.TAGS)).of(spec);
      assertThat(after)
          .isEqualTo(
              spec.with(
                  s -> {
                    s.name = "n";
                    s.tags = List.of("b");
                  }));
      assertThat(change(Set.of()).of(spec)).isEqualTo(spec);
    }

    @Test
    void has_every_field_that_can_be_given() {
      for (var field : EnumSet.complementOf(EnumSet.of(Field.POLICY))) {
        var full =
            spec.with(
                s -> {
                  s.parameters = JsonNodeFactory.instance.objectNode();
                  s.jobVariables = JsonNodeFactory.instance.objectNode();
                });
        assertThat(change(Set.of(field)).of(full)).as("%s", field).isNotEqualTo(full);
      }
    }

    @Test
    void has_another_policy_only_if_one_was_given() {
      assertThat(change(Set.of(Field.POLICY)).of(FlowRunPolicy.NONE).retryType())
          .isEqualTo(RetryType.RESCHEDULE);
      assertThat(change(Set.of()).of(FlowRunPolicy.NONE)).isEqualTo(FlowRunPolicy.NONE);
    }

    @Test
    void loses_what_was_given_as_null() {
      var full = spec.with(s -> s.parameters = JsonNodeFactory.instance.objectNode());
      assertThat(change(Set.of(Field.PARAMETERS)).of(full).parameters()).isNull();
    }

    @Test
    void keeps_its_labels_when_others_are_added() {
      var json = JsonNodeFactory.instance;
      var before = spec.with(s -> s.labels = json.objectNode().put("a", 1).put("b", 1));
      var after = new RunCommand.AddLabels(json.objectNode().put("b", 2).put("c", 2)).to(before);
      assertThat(after.labels()).hasToString("{\"a\":1,\"b\":2,\"c\":2}");
      assertThat(before.labels()).hasToString("{\"a\":1,\"b\":1}");
    }
  }

  @Test
  void has_rising_times_of_states_even_if_the_clock_stands_still_or_goes_back() {
    var run = in(CANCELLING, null);
    assertThat(run.timeOfNextState(NOW)).isEqualTo(NOW.plusNanos(1000));
    assertThat(run.timeOfNextState(NOW.minusSeconds(9))).isEqualTo(NOW.plusNanos(1000));
    assertThat(run.timeOfNextState(NOW.plusSeconds(9))).isEqualTo(NOW.plusSeconds(9));
  }

  @Test
  void names_a_state_after_its_type_unless_it_has_a_name() {
    assertThat(ProposedState.of(RUNNING).name()).isEqualTo("Running");
    assertThat(ProposedState.of(RUNNING).named("Retrying").name()).isEqualTo("Retrying");
  }
}

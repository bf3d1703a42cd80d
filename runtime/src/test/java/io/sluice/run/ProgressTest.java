package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.FAILED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The bookkeeping of a run")
class ProgressTest {
  private State last;
  private Progress progress = Progress.NONE;

  private void enter(StateType type, long second) {
    enter(Runs.state(type, null, at(second)));
  }

  private void enter(State state) {
    progress = progress.entering(last, state, true);
    last = state;
  }

  private void schedule(String name, long second, long due) {
    var proposed = ProposedState.scheduled(name, null, at(due));
    enter(proposed.entered(new java.util.UUID(1, second), at(second)));
  }

  private static Instant at(long second) {
    return NOW.plusSeconds(second);
  }

  @Test
  void expects_a_scheduled_run_at_its_time_and_keeps_to_that() {
    schedule(null, 0, 60);
    assertThat(progress.expectedStart()).isEqualTo(at(60));
    schedule(StateNames.AWAITING_RETRY, 10, 300);
    assertThat(progress.expectedStart()).isEqualTo(at(60));
  }

  @Test
  void expects_a_run_that_begins_otherwise_when_it_was_made() {
    enter(PENDING, 5);
    assertThat(progress.expectedStart()).isEqualTo(at(5));
  }

  @Test
  void has_a_next_start_only_while_scheduled() {
    schedule(null, 0, 60);
    assertThat(progress.nextScheduledStart()).isEqualTo(at(60));
    enter(PENDING, 61);
    assertThat(progress.nextScheduledStart()).isNull();
  }

  @Test
  void counts_each_start_and_the_time_between_it_and_the_next_state() {
    enter(RUNNING, 0);
    enter(FAILED, 4);
    enter(RUNNING, 10);
    enter(COMPLETED, 13);
    assertThat(progress.runCount()).isEqualTo(2);
    assertThat(progress.totalRunTime()).isEqualTo(Duration.ofSeconds(7));
    assertThat(progress.start()).isEqualTo(at(0));
  }

  @Test
  void does_not_count_a_start_that_only_resumes() {
    progress = progress.entering(null, Runs.state(RUNNING, null, NOW), false);
    assertThat(progress.runCount()).isZero();
    assertThat(progress.start()).isEqualTo(NOW);
  }

  @Test
  void ends_with_the_first_terminal_state_in_a_row() {
    enter(RUNNING, 0);
    enter(FAILED, 4);
    enter(CANCELLED, 5);
    assertThat(progress.end()).isEqualTo(at(4));
  }

  @Test
  void forgets_the_end_of_a_run_that_goes_on() {
    enter(RUNNING, 0);
    enter(FAILED, 4);
    schedule(null, 5, 5);
    assertThat(progress.end()).isNull();
    enter(COMPLETED, 9);
    assertThat(progress.end()).isEqualTo(at(9));
  }

  @Test
  void lets_a_run_that_never_ran_start_and_end_at_once() {
    schedule(null, 0, 60);
    enter(CANCELLED, 3);
    assertThat(progress.start()).isEqualTo(at(3));
    assertThat(progress.end()).isEqualTo(at(3));
    assertThat(progress.totalRunTime()).isZero();
  }

  @Test
  void keeps_the_age_of_a_run_that_is_sent_back_to_wait() {
    schedule(null, 0, 60);
    schedule(StateNames.LATE, 75, 60);
    schedule(StateNames.AWAITING_CONCURRENCY_SLOT, 80, 110);
    schedule(StateNames.AWAITING_CONCURRENCY_SLOT, 110, 140);
    assertThat(progress.waitingSince()).isEqualTo(at(60));
    assertThat(progress.nextScheduledStart()).isEqualTo(at(140));
  }

  @Test
  void counts_age_anew_when_the_run_is_scheduled_anew() {
    schedule(null, 0, 60);
    enter(RUNNING, 61);
    assertThat(progress.waitingSince()).isNull();
    schedule(StateNames.AWAITING_RETRY, 70, 80);
    assertThat(progress.waitingSince()).isEqualTo(at(80));
    schedule(null, 71, 500);
    assertThat(progress.waitingSince()).isEqualTo(at(500));
  }
}

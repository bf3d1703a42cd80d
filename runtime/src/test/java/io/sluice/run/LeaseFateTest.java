package io.sluice.run;

import static io.sluice.run.LeaseFate.KEPT;
import static io.sluice.run.LeaseFate.RELEASED;
import static io.sluice.run.LeaseFate.UNBOUND;
import static io.sluice.run.RuleRow.NOW;
import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.run.Ruling.Status;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The slot of a run's deployment")
class LeaseFateTest {
  private static final Set<StateType> BUSY = EnumSet.of(PENDING, RUNNING, CANCELLING);

  private static LeaseFate from(State before, State after) {
    return LeaseFate.of(before, after, Status.ACCEPT, true);
  }

  private static State leased(StateType type) {
    var state = state(type);
    return state
        .proposed()
        .with(d -> d.deploymentConcurrencyLeaseId = Runs.LEASE)
        .entered(state.id(), NOW);
  }

  private static State state(StateType type) {
    return Runs.state(type, null, NOW);
  }

  @Test
  void is_free_when_the_run_is_no_longer_pending_running_or_cancelling() {
    for (var from : BUSY) {
      for (var to : EnumSet.complementOf(EnumSet.copyOf(BUSY))) {
        assertThat(from(leased(from), state(to))).as("%s → %s", from, to).isEqualTo(RELEASED);
      }
    }
  }

  @Test
  void stays_with_the_run_between_those_states() {
    for (var from : BUSY) {
      for (var to : BUSY) {
        assertThat(from(leased(from), leased(to))).as("%s → %s", from, to).isEqualTo(KEPT);
      }
    }
  }

  @Test
  void is_not_freed_twice_by_a_state_that_only_remembers_its_lease() {
    for (var from : EnumSet.complementOf(EnumSet.copyOf(BUSY))) {
      assertThat(from(leased(from), state(CANCELLED))).as("%s", from).isEqualTo(KEPT);
    }
  }

  @Test
  void is_nobodys_business_if_the_run_has_none() {
    assertThat(from(state(RUNNING), state(CANCELLED))).isEqualTo(KEPT);
    assertThat(from(null, state(SCHEDULED))).isEqualTo(KEPT);
  }

  @Test
  void stays_with_a_run_that_its_own_process_tries_again() {
    var retry = Runs.state(SCHEDULED, StateNames.AWAITING_RETRY, NOW);
    assertThat(LeaseFate.of(leased(RUNNING), retry, Status.REJECT, true)).isEqualTo(KEPT);
  }

  @Test
  void is_free_if_the_run_itself_proposes_to_be_tried_again_elsewhere() {
    var retry = Runs.state(SCHEDULED, StateNames.AWAITING_RETRY, NOW);
    assertThat(LeaseFate.of(leased(RUNNING), retry, Status.ACCEPT, true)).isEqualTo(RELEASED);
  }

  @Test
  void is_free_if_a_rejection_sends_the_run_back_to_wait() {
    var sentBack = Runs.state(SCHEDULED, StateNames.AWAITING_CONCURRENCY_SLOT, NOW);
    assertThat(LeaseFate.of(leased(PENDING), sentBack, Status.REJECT, true)).isEqualTo(RELEASED);
  }

  @Test
  void has_no_end_once_a_client_runs_that_does_not_renew() {
    for (var to : EnumSet.of(RUNNING, CANCELLING)) {
      assertThat(LeaseFate.of(leased(PENDING), leased(to), Status.ACCEPT, false))
          .isEqualTo(UNBOUND);
    }
    assertThat(LeaseFate.of(leased(PENDING), leased(PENDING), Status.ACCEPT, false))
        .isEqualTo(KEPT);
    assertThat(LeaseFate.of(leased(RUNNING), leased(CANCELLING), Status.ACCEPT, false))
        .isEqualTo(KEPT);
  }

  @Test
  void is_free_at_the_end_whatever_the_client() {
    assertThat(LeaseFate.of(leased(RUNNING), state(CANCELLED), Status.ACCEPT, false))
        .isEqualTo(RELEASED);
  }
}

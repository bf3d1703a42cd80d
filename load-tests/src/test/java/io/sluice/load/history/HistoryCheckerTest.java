package io.sluice.load.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.history.FinalState.FinalRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The checker, for a limit of 1 slot")
class HistoryCheckerTest {
  private static final FinalRun DONE = new FinalRun("COMPLETED", 1);

  private final Log log = new Log();
  private final Map<String, FinalRun> runs = new HashMap<>();
  private final Map<String, Integer> slots = new HashMap<>(Map.of("deployment limit", 0));

  private List<Violation> check() {
    return HistoryChecker.check(log.end(), new FinalState(runs, slots), 1);
  }

  private List<Rule> broken() {
    return check().stream().map(Violation::rule).distinct().toList();
  }

  private void twoRunsAfterEachOther() {
    log.created("a").created("b").ran("w1", "a").ran("w2", "b");
    runs.put("a", DONE);
    runs.put("b", DONE);
  }

  @Nested
  class Accepts {
    @Test
    void two_runs_after_each_other() {
      twoRunsAfterEachOther();
      assertThat(check()).isEmpty();
    }

    @Test
    void every_answer_lost_once_and_the_repetition_taken() {
      log.creationUnanswered().created("a");
      log.takenAtSecondAttempt("w1", Op.PENDING, "a");
      log.takenAtSecondAttempt("w1", Op.RUNNING, "a");
      log.takenAtSecondAttempt("w1", Op.COMPLETED, "a");
      runs.put("a", DONE);
      assertThat(check()).isEmpty();
    }

    /** The server gives the slot on before the worker has the answer to its COMPLETED. */
    @Test
    void a_grant_between_the_request_that_ends_a_run_and_its_answer() {
      log.created("a").created("b").pending("w1", "a").running("w1", "a");
      long end = log.asked(Op.COMPLETED, "w1", "a");
      log.pending("w2", "b");
      log.answered(end, Op.COMPLETED, "w1", "a", 201, "ACCEPT", "COMPLETED");
      log.running("w2", "b").completed("w2", "b");
      runs.put("a", DONE);
      runs.put("b", DONE);
      assertThat(check()).isEmpty();
    }

    @Test
    void a_loser_that_is_told_to_abort() {
      log.created("a").pending("w1", "a");
      log.proposed("w2", Op.PENDING, "a", "ABORT", "PENDING");
      log.running("w1", "a").completed("w1", "a");
      runs.put("a", DONE);
      assertThat(check()).isEmpty();
    }

    @Test
    void a_run_from_a_creation_that_was_never_answered() {
      log.creationUnanswered().ran("w1", "ghost");
      runs.put("ghost", DONE);
      assertThat(check()).isEmpty();
    }

    @Test
    void a_renewal_that_comes_after_the_end() {
      log.created("a").pending("w1", "a").running("w1", "a").completed("w1", "a");
      log.renewed("w1", "a", 410);
      runs.put("a", DONE);
      assertThat(check()).isEmpty();
    }
  }

  @Nested
  class Catches {
    @Test
    void more_holders_than_slots() {
      log.created("a").created("b").pending("w1", "a").pending("w2", "b");
      log.running("w1", "a").running("w2", "b").completed("w1", "a").completed("w2", "b");
      runs.put("a", DONE);
      runs.put("b", DONE);
      assertThat(check())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.rule()).isEqualTo(Rule.WITHIN_LIMIT);
                assertThat(found.what()).contains("2 runs held a slot of 1", "b of w2");
              });
    }

    @Test
    void a_run_that_is_gone() {
      twoRunsAfterEachOther();
      runs.remove("b");
      assertThat(broken()).containsExactly(Rule.KEPT);
    }

    @Test
    void a_run_that_was_created_twice() {
      twoRunsAfterEachOther();
      log.ran("w1", "c");
      runs.put("c", DONE);
      assertThat(broken()).containsExactly(Rule.NO_STRANGERS);
    }

    @Test
    void a_completion_that_was_acknowledged_and_forgotten() {
      twoRunsAfterEachOther();
      runs.put("b", new FinalRun("RUNNING", 1));
      assertThat(check())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.rule()).isEqualTo(Rule.COMPLETED);
                assertThat(found.what()).contains("b is RUNNING", "was told");
              });
    }

    @Test
    void a_run_that_never_ended() {
      twoRunsAfterEachOther();
      log.created("c");
      runs.put("c", new FinalRun("SCHEDULED", 0));
      assertThat(broken()).containsExactly(Rule.COMPLETED);
    }

    @Test
    void a_completion_that_nobody_was_told() {
      log.created("a").pending("w1", "a").running("w1", "a");
      runs.put("a", DONE);
      assertThat(broken()).containsExactly(Rule.COMPLETED);
    }

    @Test
    void a_run_that_two_workers_ran() {
      log.created("a").pending("w1", "a").running("w1", "a");
      log.pending("w2", "a").running("w2", "a").completed("w1", "a");
      runs.put("a", DONE);
      assertThat(check())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.rule()).isEqualTo(Rule.ONCE);
                assertThat(found.what()).contains("2 runs", "[w1, w2]");
              });
    }

    @Test
    void a_run_that_one_worker_ran_twice_one_after_the_other() {
      log.created("a").ran("w1", "a").pending("w1", "a").running("w1", "a");
      runs.put("a", DONE);
      assertThat(broken()).contains(Rule.ONCE);
    }

    @Test
    void a_second_start_that_only_the_server_knows_of() {
      twoRunsAfterEachOther();
      runs.put("a", new FinalRun("COMPLETED", 2));
      assertThat(broken()).containsExactly(Rule.ONCE);
    }

    @Test
    void a_slot_that_nobody_holds() {
      twoRunsAfterEachOther();
      slots.put("deployment limit", 1);
      slots.put("work pool", 0);
      assertThat(check())
          .containsExactly(new Violation(Rule.NO_LEAK, "deployment limit: 1 slots taken"));
    }

    @Test
    void a_lease_that_is_gone_while_its_run_runs() {
      log.created("a").pending("w1", "a").running("w1", "a");
      log.renewed("w1", "a", 410).completed("w1", "a");
      runs.put("a", DONE);
      assertThat(broken()).containsExactly(Rule.LEASES_KEPT);
    }
  }
}

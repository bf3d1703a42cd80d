package io.sluice.load.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The figures of a burst")
class FiguresTest {
  private static final long MILLI = 1_000_000;
  private static final Duration HOLD = Duration.ofMillis(10);

  private final Log log = new Log();

  /** Each call of the log takes a millisecond to be answered. */
  private Figures threeRunsOnOneSlot() {
    log.at(100).created("a").created("b").created("c");
    log.at(200).pending("w", "a").running("w", "a").at(220).completed("w", "a");
    log.at(250).pending("w", "b").running("w", "b").at(270).completed("w", "b");
    log.at(275).pending("w", "c").running("w", "c").at(290).completed("w", "c");
    return Figures.of(log.end(), 1, HOLD);
  }

  @Test
  void makespan_runs_from_the_first_creation_asked_to_the_last_completion_told() {
    var figures = threeRunsOnOneSlot();
    assertThat(figures.makespan()).isEqualTo(Duration.ofMillis(291 - 100));
    assertThat(figures.creation()).isEqualTo(Duration.ofMillis(5));
    assertThat(figures.ideal()).isEqualTo(Duration.ofMillis(30));
    assertThat(figures.created()).isEqualTo(3);
    assertThat(figures.completed()).isEqualTo(3);
  }

  @Test
  void a_slot_is_idle_from_the_release_sent_to_the_grant_received() {
    var figures = threeRunsOnOneSlot();
    assertThat(figures.slotIdle().samples()).isEqualTo(2);
    assertThat(figures.slotIdle().max()).isCloseTo(31, within(0.1));
    assertThat(figures.slotIdle().p50()).isCloseTo(6, within(0.1));
    assertThat(figures.betweenFlows().max()).isCloseTo(33, within(0.1));
  }

  @Test
  void a_slot_is_not_idle_while_there_is_no_run_for_it() {
    assertThat(Figures.gaps(List.of(100L, 200L), List.of(50L, 180L, 390L), List.of(0L, 170L), 1))
        .containsExactly(10L, 190L);
  }

  @Test
  void peak_counts_holds_that_overlap() {
    log.created("a").created("b").created("c");
    log.pending("w", "a").pending("w", "b").completed("w", "a").pending("w", "c");
    assertThat(Figures.of(log.end(), 2, HOLD).peak()).isEqualTo(2);
  }

  @Test
  void a_hold_ends_where_the_start_of_the_run_is_refused() {
    log.created("a").pending("w", "a");
    log.proposed("w", Op.RUNNING, "a", "REJECT", "CANCELLED").at(500).created("b");
    var history = log.end();
    assertThat(history.holds()).singleElement().satisfies(h -> assertEndsBefore(h, 10));
    assertThat(history.cancelled()).containsExactly("a");
  }

  private static void assertEndsBefore(Hold hold, long millis) {
    assertThat(hold.toNanos()).isLessThan(millis * MILLI);
  }

  @Test
  void waits_and_what_went_wrong_are_counted_by_kind() {
    log.created("a").proposed("w", Op.PENDING, "a", "WAIT", "SCHEDULED");
    log.takenAtSecondAttempt("w", Op.PENDING, "a").renewed("w", "a", 410);
    var figures = Figures.of(log.end(), 1, HOLD);
    assertThat(figures.waits()).isEqualTo(1);
    assertThat(figures.rejects()).isEqualTo(1);
    assertThat(figures.failures())
        .containsEntry("PENDING unanswered", 1L)
        .containsEntry("RENEW 410", 1L)
        .hasSize(2);
    assertThat(figures.requests()).containsEntry(Op.PENDING, 2L).containsEntry(Op.CREATE, 1L);
  }

  @Test
  void an_empty_history_has_no_figures_and_no_errors() {
    var figures = Figures.of(log.end(), 1, HOLD);
    assertThat(figures.makespan()).isZero();
    assertThat(figures.slotIdle().samples()).isZero();
  }
}

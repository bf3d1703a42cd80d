package io.sluice.load.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The use of slots")
class SlotUseTest {
  private static final double SLACK = 0.02;

  /** In milliseconds. */
  private static Held held(int holder, long asked, long granted, long released) {
    return new Held(holder, asked * 1_000_000, granted * 1_000_000, released * 1_000_000);
  }

  private static SlotUse use(int limit, Held... held) {
    return SlotUse.of(List.of(held), limit, Duration.ofMillis(50), held.length);
  }

  @Test
  void one_slot_is_idle_from_each_release_to_the_next_grant() {
    var use = use(1, held(0, 0, 10, 60), held(1, 0, 65, 115), held(2, 0, 135, 185));
    assertThat(SlotUse.spread(use.idle())).containsExactly(new double[] {5, 20, 20}, within(SLACK));
    assertThat(use.makespan()).isEqualTo(Duration.ofMillis(185));
    assertThat(use.ideal()).isEqualTo(Duration.ofMillis(150));
    assertThat(use.utilisation()).isEqualTo(150.0 / 185, within(1e-9));
    assertThat(use.peak()).isEqualTo(1);
  }

  @Test
  void of_two_slots_the_first_end_makes_room_for_the_third_start() {
    var use = use(2, held(0, 0, 0, 50), held(1, 0, 1, 100), held(2, 0, 53, 103));
    assertThat(use.idle().getTotalCount()).isEqualTo(1);
    assertThat(SlotUse.spread(use.idle())[2]).isEqualTo(3, within(SLACK));
    assertThat(use.utilisation()).isEqualTo((50 + 99 + 50) / (2 * 103.0), within(1e-9));
  }

  @Test
  void who_holds_beyond_the_limit_is_counted_and_is_a_fault() {
    var use = use(1, held(0, 0, 0, 50), held(1, 0, 49, 99), held(2, 0, 100, 150));
    assertThat(use.peak()).isEqualTo(2);
    var round = new Round.Builder();
    use.addTo(round, 1, 3);
    assertThat(round.build().faults()).containsExactly("2 held a slot at once, the limit is 1");
  }

  @Test
  void a_slot_that_is_taken_when_it_is_given_back_is_not_held_twice() {
    assertThat(use(1, held(0, 0, 0, 50), held(1, 0, 50, 100)).peak()).isEqualTo(1);
  }

  @Test
  void who_asked_first_and_is_served_last_was_overtaken_by_all_others() {
    var use = use(1, held(1, 5, 10, 20), held(2, 6, 20, 30), held(0, 0, 30, 40));
    assertThat(use.overtakenMost()).isEqualTo(2);
    assertThat(SlotUse.spread(use.waits())[2]).isEqualTo(30, within(SLACK));
  }

  @Test
  void served_in_the_order_of_asking_nobody_is_overtaken() {
    assertThat(use(1, held(0, 0, 1, 2), held(1, 0, 3, 4), held(2, 1, 5, 6)).overtakenMost())
        .isZero();
  }

  @Test
  void who_is_not_served_is_a_fault_and_there_is_no_makespan_over_ideal() {
    var round = new Round.Builder();
    SlotUse.of(List.of(), 1, Duration.ofMillis(50), 3).addTo(round, 1, 3);
    assertThat(round.build().faults()).containsExactly("3 of 3 were not served");
    assertThat(round.build().figures()).doesNotContainKey("makespan_over_ideal");
  }
}

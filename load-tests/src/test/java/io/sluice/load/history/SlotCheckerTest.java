package io.sluice.load.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.load.history.SlotTruth.Cut;
import io.sluice.load.history.SlotTruth.Window;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The checker of slots, for limits \"one\" of 1 slot and \"two\" of 2, slack 2 s")
class SlotCheckerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long SLACK = 2 * SECOND;

  private final SlotLog log = new SlotLog();
  private final List<Window> faults = new ArrayList<>();
  private final Set<String> gone = new HashSet<>();

  private List<Violation> check() {
    return SlotChecker.check(
        log.end(), new SlotTruth(Map.of("one", 1, "two", 2), faults, SLACK, gone));
  }

  private void breaksOnly(Rule rule, String... words) {
    assertThat(check()).isNotEmpty().allSatisfy(v -> assertThat(v.rule()).isEqualTo(rule));
    for (var word : words) {
      assertThat(check().get(0).what()).contains(word);
    }
  }

  private void fault(double from, double to, String cutOff) {
    fault(from, to, cutOff, from, to);
  }

  private void fault(double from, double to, String cutOff, double cut, double healed) {
    var nodeCut =
        cutOff == null ? null : new Cut(cutOff, (long) (cut * SECOND), (long) (healed * SECOND));
    faults.add(new Window((long) (from * SECOND), (long) (to * SECOND), nodeCut));
  }

  @Nested
  class Accepts {
    @Test
    void one_after_the_other_with_counts_that_tell_so() {
      log.grant("a", "one").count("one", 1).release("a").count("one", 0);
      log.grant("b", "one").release("b");
      assertThat(check()).isEmpty();
    }

    /** The server gives the slot on before it answers who gave it back. */
    @Test
    void a_grant_between_a_release_and_its_answer() {
      log.grant("a", "one").ask("b", "one").releaseSent("a").granted("b").releaseAnswered("a");
      log.release("b");
      assertThat(check()).isEmpty();
    }

    @Test
    void a_release_that_is_repeated_while_the_next_one_holds() {
      log.grant("a", "one").release("a").grant("b", "one").release("a").count("one", 1);
      log.release("b");
      assertThat(check()).isEmpty();
    }

    @Test
    void another_holder_after_a_lease_that_was_not_renewed() {
      log.grant("a", "one").at(60.5).grant("b", "one").release("b").renew("a", 410);
      assertThat(check()).isEmpty();
    }

    @Test
    void a_slot_that_is_taken_by_a_grant_whose_answer_was_lost() {
      log.ask("a", "one").lost("a").count("one", 1).askAgain("a").at(70).granted("a");
      log.count("one", 1).release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void somebody_younger_first_when_the_older_one_had_to_ask_again() {
      log.ask("a", "one").at(5).ask("b", "one").at(6).lost("a").askAgain("a");
      log.at(7).granted("b").release("b").at(12).granted("a").release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void somebody_younger_first_while_a_fault_lasts() {
      fault(6, 8, null);
      log.ask("a", "one").at(5).ask("b", "one").at(7).granted("b").release("b");
      log.at(12).granted("a").release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void somebody_who_comes_little_later_first() {
      log.ask("a", "one").at(1.5).ask("b", "one").at(7).granted("b").release("b");
      log.at(12).granted("a").release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void a_count_that_is_wrong_while_a_fault_lasts() {
      fault(0, 5, null);
      log.grant("a", "one").count("one", 0).release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void who_was_killed_or_gave_up_and_was_never_granted() {
      gone.add("b");
      log.grant("a", "one").ask("b", "one").ask("c", SlotLog.NODE, false, "one").denied("c");
      assertThat(check()).isEmpty();
    }

    @Test
    void grants_of_a_node_that_is_no_longer_cut_off() {
      fault(1, 20, "cut", 1, 9);
      log.at(5).grant("b", "one").release("b");
      log.at(10).ask("a", "cut", true, "one").granted("a").release("a");
      assertThat(check()).isEmpty();
    }

    /** Cutting a node off takes several commands. */
    @Test
    void grants_of_a_node_that_was_not_quite_cut_off_yet() {
      fault(1, 20, "cut", 3, 20);
      log.at(2).ask("b", "other", true, "one").granted("b").release("b");
      log.at(4).ask("a", "cut", true, "one").granted("a").release("a");
      assertThat(check()).isEmpty();
    }

    @Test
    void grants_of_a_node_that_is_cut_off_until_another_one_takes_over() {
      fault(1, 20, "cut");
      log.at(2).ask("a", "cut", true, "one").granted("a").release("a");
      log.at(9).ask("b", "one").granted("b").release("b");
      assertThat(check()).isEmpty();
    }
  }

  @Nested
  class Catches {
    @Test
    void two_holders_of_one_slot() {
      log.grant("a", "one").grant("b", "one").release("a").release("b");
      breaksOnly(Rule.WITHIN_LIMIT, "2 held a slot of one", "b with lease lease of b");
    }

    @Test
    void a_third_holder_of_two_slots_who_has_another_limit_too() {
      log.grant("a", "two").grant("b", "two").grant("c", "two", "one");
      breaksOnly(Rule.WITHIN_LIMIT, "3 held a slot of two");
    }

    @Test
    void a_holder_while_another_one_renews() {
      log.grant("a", "one").at(50).renew("a", 204).at(70).grant("b", "one").release("a");
      breaksOnly(Rule.WITHIN_LIMIT);
    }

    @Test
    void a_grant_without_a_lease() {
      log.ask("a", "one").granted("a", null, Map.of("one", 1L));
      breaksOnly(Rule.LEASED, "has no lease");
    }

    @Test
    void a_lease_that_two_are_granted() {
      log.ask("a", "one").granted("a", "x", Map.of("one", 1L));
      log.ask("b", "two").granted("b", "x", Map.of("two", 1L));
      breaksOnly(Rule.LEASED, "lease x was granted twice");
    }

    @Test
    void a_grant_without_a_token_for_one_of_its_limits() {
      log.ask("a", "one", "two").granted("a", "x", Map.of("one", 1L));
      breaksOnly(Rule.LEASED, "no token for two");
    }

    @Test
    void a_token_that_falls() {
      log.ask("a", "one").granted("a", 7).release("a").ask("b", "one").granted("b", 6);
      breaksOnly(Rule.TOKENS_RISE, "has token 6; token 7");
    }

    @Test
    void a_token_that_comes_twice_to_two_who_asked_at_the_same_time() {
      log.ask("a", "two").ask("b", "two").granted("a", 7).granted("b", 7);
      breaksOnly(Rule.TOKENS_RISE, "token 7 was granted twice");
    }

    @Test
    void a_count_that_falls_by_a_release_of_somebody_else() {
      log.grant("a", "one").release("a").grant("b", "one").release("a").count("one", 0);
      breaksOnly(Rule.FREES_ONCE, "0 slots were taken, but 1 held one");
    }

    @Test
    void a_grant_of_two_limits_that_takes_only_one() {
      log.grant("a", "one", "two").count("one", 1).count("two", 0);
      breaksOnly(Rule.ALL_OR_NONE, "two: ", "0 slots were taken, but 1 held one");
    }

    @Test
    void a_slot_that_is_taken_for_somebody_who_waits_for_another_one() {
      log.grant("a", "one").ask("b", SlotLog.NODE, false, "one", "two").count("two", 1);
      log.denied("b").release("a");
      breaksOnly(Rule.ALL_OR_NONE, "two: ", "1 slots were taken, but only 0");
    }

    @Test
    void a_slot_that_stays_taken_when_its_holder_gave_it_back() {
      log.grant("a", "two").release("a").count("two", 1);
      breaksOnly(Rule.NO_LEAK, "1 slots were taken, but only 0");
    }

    @Test
    void a_lease_that_ends_before_its_last_renewal_and_its_duration() {
      log.grant("a", "one").at(50).renew("a", 204).at(109).renew("a", 410);
      breaksOnly(Rule.LEASES_KEPT, "answered 410", "live until 110.000 s");
    }

    @Test
    void somebody_younger_who_is_granted_first() {
      log.ask("a", "one").at(3).ask("b", "one").at(4).granted("b").release("b");
      log.at(7).granted("a").release("a");
      breaksOnly(Rule.IN_ORDER, "a, asked for at 0.000 s", "b, asked for at 3.000 s");
    }

    /** Ages outlast a fault. */
    @Test
    void somebody_younger_who_is_granted_first_after_a_fault_that_both_waited_through() {
      fault(4, 8, null);
      log.ask("a", "one").at(3).ask("b", "one").at(9).granted("b").release("b");
      log.at(12).granted("a").release("a");
      breaksOnly(Rule.IN_ORDER);
    }

    @Test
    void somebody_who_is_never_granted() {
      log.grant("a", "one").release("a").ask("b", "one");
      breaksOnly(Rule.GRANTED, "b waits for [one]", "OPEN");
    }

    @Test
    void somebody_who_is_told_to_wait_for_ever() {
      log.ask("b", "one").denied("b").askAgain("b").denied("b");
      breaksOnly(Rule.GRANTED, "b waits for [one]", "DENIED");
    }

    @Test
    void a_grant_of_a_node_that_is_cut_off_after_another_node_granted() {
      fault(1, 20, "cut");
      log.at(9).ask("b", "one").granted("b").release("b");
      log.at(10).ask("a", "cut", true, "one").granted("a").release("a");
      breaksOnly(Rule.FENCED, "cut granted lease lease of a");
    }
  }

  @Test
  void operations_are_calls_that_were_answered_however_often_they_were_sent() {
    log.ask("a", "one").lost("a").askAgain("a").granted("a").release("a").ask("b", "one");
    assertThat(log.end().operations()).isEqualTo(2);
  }
}

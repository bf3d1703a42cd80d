package io.sluice.limit;

import static io.sluice.limit.Asks.LIMIT_ID;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.created;
import static io.sluice.limit.Asks.forced;
import static io.sluice.limit.Asks.keepingPlace;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.limitOf;
import static io.sluice.limit.Asks.loose;
import static io.sluice.limit.Asks.offered;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Configure;
import io.sluice.limit.LimitCommand.Confirm;
import io.sluice.limit.LimitCommand.Decline;
import io.sluice.limit.LimitCommand.Delete;
import io.sluice.limit.LimitCommand.Due;
import io.sluice.limit.LimitCommand.GiveBack;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitCommand.Renew;
import io.sluice.limit.LimitCommand.Reset;
import io.sluice.limit.LimitCommand.Unbind;
import io.sluice.limit.LimitCommand.Withdraw;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.NoSuchLimit;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Overtaken;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.limit.LimitReply.Skipped;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("A limit")
class LimitTest extends ToldLimit {
  @Nested
  class WithRoom {
    @Test
    void grants_and_persists_slot_and_lease_as_one_fact() {
      var reply = tell(ask(1, now));
      assertThat(reply).isInstanceOf(Granted.class);
      assertThat(last.events()).hasSize(1).first().isInstanceOf(LimitEvent.Granted.class);
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void answers_a_repeated_request_the_same_and_writes_nothing() {
      var first = tell(ask(1, now));
      assertThat(tell(ask(1, now))).isEqualTo(first);
      assertThat(last.events()).isEmpty();
    }

    @Test
    void gives_every_grant_a_higher_token() {
      var first = (Granted) tell(ask(1, now));
      tell(Release.any(lease(1)));
      var second = (Granted) tell(ask(2, now));
      assertThat(second.token()).isGreaterThan(first.token());
    }

    @Test
    void refuses_more_slots_than_it_has() {
      assertThat(tell(ask(1, 2, now)))
          .isEqualTo(new Refused(new Rejection.MoreThanLimit("db", 2, 1)));
    }

    @Test
    void refuses_a_rate_limit_without_decay() {
      var ask = loose(1, 1, now);
      var rate =
          new LimitCommand.Acquire(
              ask.leaseId(), 1, true, ask.lease(), null, now, 0, ask.ifBusy(), ask.style());
      assertThat(tell(rate)).isEqualTo(new Refused(new Rejection.RateNeedsDecay(List.of("db"))));
    }
  }

  @Nested
  class WhenFull {
    WhenFull() {
      tell(ask(1, now));
    }

    @Test
    void answers_busy_with_the_position_and_forgets() {
      assertThat(tell(ask(2, now)))
          .isInstanceOfSatisfying(Busy.class, busy -> assertThat(busy.position()).isEqualTo(1));
      assertThat(owner.line().size()).isZero();
      assertThat(last.events()).isEmpty();
    }

    @Test
    void release_grants_the_head_of_the_line_in_the_same_decision() {
      assertThat(tell(ask(2, now).parked())).isNull();
      later(Duration.ofSeconds(10));
      tell(Release.any(lease(1)));
      assertThat(last.events())
          .hasExactlyElementsOfTypes(LimitEvent.Released.class, LimitEvent.Granted.class);
      assertThat(last.woken()).containsOnlyKeys(lease(2));
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void grants_in_the_order_of_priority_then_age() {
      tell(ask(2, now.plusSeconds(2)).parked());
      tell(ask(3, now.plusSeconds(1)).parked());
      tell(Release.any(lease(1)));
      assertThat(last.woken()).containsOnlyKeys(lease(3));
      tell(Release.any(lease(3)));
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void nobody_overtakes_a_large_request_at_the_head() {
      owner = limitOf(2);
      tell(ask(1, now));
      tell(ask(2, 2, now).parked());
      assertThat(tell(ask(3, now.plusSeconds(1)))).isInstanceOf(Busy.class);
    }

    @Test
    void a_waiter_that_withdraws_leaves_the_line() {
      tell(ask(2, now).parked());
      tell(new Withdraw(lease(2), null));
      assertThat(last.woken().get(lease(2))).isInstanceOf(Busy.class);
      tell(Release.any(lease(1)));
      assertThat(active()).isZero();
    }

    @Test
    void a_grant_that_raced_with_the_leaving_is_taken_back() {
      tell(ask(2, now).parked());
      tell(Release.any(lease(1)));
      tell(new Withdraw(lease(2), null));
      assertThat(active()).isZero();
    }

    @Test
    void a_waiter_told_to_come_back_keeps_its_age() {
      tell(keepingPlace(ask(2, now)));
      tell(ask(3, now.plusSeconds(1)).parked());
      later(Duration.ofSeconds(3));
      tell(ask(2, now).parked());
      tell(Release.any(lease(1)));
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void a_waiter_that_does_not_come_back_loses_its_place() {
      tell(keepingPlace(ask(2, now)));
      assertThat(owner.line().size()).isEqualTo(1);
      later(Duration.ofSeconds(6));
      tell(ask(3, now));
      assertThat(owner.line().find(lease(2))).isEmpty();
    }

    @Test
    void the_line_is_bounded() {
      for (int n = 0; n < Asks.BOUNDS.lineMax(); n++) {
        tell(ask(100 + n, now).parked());
      }
      assertThat(tell(ask(2, now).parked()))
          .isEqualTo(new Refused(new Rejection.LineFull("db", 50)));
    }

    @Test
    void raising_the_limit_grants_at_once() {
      tell(ask(2, now).parked());
      tell(new Configure(LimitSettings.of("db", 2), null));
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void lowering_the_limit_takes_nothing_but_grants_nobody_until_enough_came_back() {
      owner = limitOf(2);
      tell(ask(1, now));
      tell(ask(2, now));
      tell(new Configure(LimitSettings.of("db", 1), null));
      assertThat(active()).isEqualTo(2);
      tell(Release.any(lease(1)));
      assertThat(tell(ask(3, now))).isInstanceOf(Busy.class);
    }

    @Test
    void changes_nothing_that_is_not_as_its_asker_believes() {
      var seen = owner.limit().settings();
      tell(new Configure(LimitSettings.of("db", 2), null, seen));

      assertThat(tell(new Configure(LimitSettings.of("db", 5), 0, seen)))
          .isEqualTo(new Overtaken());

      assertThat(owner.limit().settings().slots()).isEqualTo(2);
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void disabling_lets_everybody_in_line_go() {
      tell(ask(2, now).parked());
      tell(new Configure(new LimitSettings("db", false, 1, 0), null));
      assertThat(last.woken().get(lease(2))).isInstanceOf(Skipped.class);
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void deleting_lets_everybody_in_line_go() {
      tell(ask(2, now).parked());
      tell(new Delete());
      assertThat(last.woken().get(lease(2))).isInstanceOf(NoSuchLimit.class);
    }

    @Test
    void tokens_rise_over_a_delete_and_a_create() {
      var token = owner.limit().lastToken();
      tell(new Delete());
      tell(new LimitCommand.Create(LIMIT_ID, LimitSettings.of("db", 1), 0, List.of()));
      assertThat(((Granted) tell(ask(5, now))).token()).isGreaterThan(token);
    }

    @Test
    void force_takes_beyond_the_limit() {
      assertThat(tell(forced(ask(2, now)))).isInstanceOf(Granted.class);
      assertThat(active()).isEqualTo(2);
    }
  }

  @Nested
  class LeaseTime {
    LeaseTime() {
      tell(ask(1, now));
    }

    @Test
    void a_lease_that_is_not_renewed_expires_at_its_time_and_not_before() {
      later(MINUTE.minusMillis(1));
      tell(new Due());
      assertThat(active()).isEqualTo(1);
      later(Duration.ofMillis(1));
      tell(new Due());
      assertThat(last.events()).hasExactlyElementsOfTypes(LimitEvent.Expired.class);
      assertThat(active()).isZero();
    }

    @Test
    void expiry_grants_the_head_of_the_line_in_the_same_decision() {
      tell(ask(2, now).parked());
      later(MINUTE);
      tell(new Due());
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void a_renewal_starts_the_time_anew_and_writes_nothing() {
      later(Duration.ofSeconds(59));
      assertThat(tell(new Renew(lease(1), MINUTE))).isInstanceOf(Done.class);
      assertThat(last.events()).isEmpty();
      later(Duration.ofSeconds(59));
      tell(new Due());
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void a_renewal_that_is_late_but_before_the_expiry_was_decided_wins() {
      later(MINUTE.plusSeconds(5));
      assertThat(tell(new Renew(lease(1), MINUTE))).isInstanceOf(Done.class);
      tell(new Due());
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void a_renewal_after_the_expiry_is_refused() {
      later(MINUTE);
      tell(new Due());
      assertThat(tell(new Renew(lease(1), MINUTE)))
          .isEqualTo(new Refused(new Rejection.LeaseGone(lease(1))));
    }

    @Test
    void recovery_gives_every_lease_its_full_time_again() {
      later(Duration.ofHours(1));
      owner = LimitOwner.recovered(owner.limit(), Asks.BOUNDS, now);
      assertThat(owner.nextDue(now)).contains(now.plus(MINUTE));
      tell(new Due());
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void releasing_twice_frees_once() {
      tell(Release.any(lease(1)));
      tell(ask(2, now));
      tell(Release.any(lease(1)));
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void an_unbound_lease_is_no_longer_renewed_and_does_not_expire() {
      tell(new Unbind(lease(1)));
      assertThat(tell(new Renew(lease(1), MINUTE))).isInstanceOf(Refused.class);
      later(Duration.ofDays(1));
      tell(new Due());
      assertThat(active()).isEqualTo(1);
      tell(Release.any(lease(1)));
      assertThat(active()).isZero();
    }

    @Test
    void only_leases_without_an_end_that_nobody_keeps_are_dropped() {
      owner = limitOf(3);
      tell(ask(1, now));
      tell(ask(2, now));
      tell(ask(3, now));
      tell(new Unbind(lease(2)));
      tell(new Unbind(lease(3)));
      later(MINUTE.dividedBy(2));
      tell(new LimitCommand.Retain(Set.of(lease(3)), now));
      assertThat(owner.limit().leases().find(lease(2))).isEmpty();
      assertThat(active()).isEqualTo(2);
    }
  }

  @Nested
  class SlotsWithoutLease {
    @Test
    void come_back_by_decrement_and_never_below_zero() {
      tell(loose(1, 1, now));
      assertThat(active()).isEqualTo(1);
      tell(new GiveBack(5, 1.0));
      assertThat(active()).isZero();
    }

    @Test
    void a_bare_decrement_also_takes_from_what_a_lease_counts() {
      owner = limitOf(2);
      tell(ask(1, 2, now));
      tell(new GiveBack(1, null));
      assertThat(active()).isEqualTo(1);
      tell(Release.any(lease(1)));
      assertThat(active()).isZero();
      tell(ask(2, 2, now));
      assertThat(active()).isEqualTo(2);
    }

    @Test
    void override_to_zero_writes_leases_off_so_that_their_release_frees_nothing_twice() {
      tell(ask(1, now));
      tell(new Configure(owner.limit().settings(), 0));
      assertThat(tell(ask(2, now))).isInstanceOf(Granted.class);
      assertThat(tell(new Renew(lease(1), MINUTE))).isInstanceOf(Done.class);
      tell(Release.any(lease(1)));
      assertThat(active()).isEqualTo(1);
      assertThat(tell(ask(3, now))).isInstanceOf(Busy.class);
    }

    @Test
    void override_above_the_leases_counts_the_rest_as_loose() {
      owner = limitOf(10);
      tell(ask(1, 2, now));
      tell(new Configure(owner.limit().settings(), 5));
      assertThat(active()).isEqualTo(5);
      tell(Release.any(lease(1)));
      assertThat(active()).isEqualTo(3);
    }

    @Test
    void reset_takes_everything_back_and_grants_what_is_given_instead() {
      owner = limitOf(5);
      tell(ask(1, 2, now));
      tell(loose(2, 2, now));
      tell(new Reset(List.of(ask(3, now))));
      assertThat(active()).isEqualTo(1);
      assertThat(owner.limit().leases().find(lease(3))).isPresent();
    }
  }

  @Nested
  class WithDecay {
    WithDecay() {
      owner = created(new LimitSettings("rate", true, 2, 4.0));
      tell(loose(1, 2, now));
    }

    @Test
    void slots_come_back_one_by_one_at_the_rate() {
      later(Duration.ofMillis(249));
      assertThat(active()).isEqualTo(2);
      later(Duration.ofMillis(1));
      assertThat(active()).isEqualTo(1);
      later(Duration.ofMillis(250));
      assertThat(active()).isZero();
    }

    @Test
    void busy_says_when_the_slot_will_exist() {
      later(Duration.ofMillis(100));
      assertThat(tell(loose(2, 1, now)))
          .isInstanceOfSatisfying(
              Busy.class, busy -> assertThat(busy.estimate()).isEqualTo(Duration.ofMillis(150)));
    }

    @Test
    void a_parked_request_is_granted_when_the_slot_has_decayed() {
      tell(loose(2, 1, now).parked());
      assertThat(owner.nextDue(now)).contains(now.plusMillis(250));
      later(Duration.ofMillis(250));
      tell(new Due());
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void no_fraction_of_a_slot_is_lost_over_many_small_steps() {
      int granted = 0;
      for (int step = 0; step < 60_000; step++) {
        later(Duration.ofMillis(1));
        granted += tell(loose(1000 + step, 1, now)) instanceof Granted ? 1 : 0;
      }
      assertThat(granted).isEqualTo(60 * 4);
    }
  }

  @Nested
  class Offers {
    @Test
    void set_slots_aside_without_writing_anything() {
      assertThat(tell(offered(ask(1, now)))).isInstanceOf(Offered.class);
      assertThat(last.events()).isEmpty();
      assertThat(tell(ask(2, now))).isInstanceOf(Busy.class);
    }

    @Test
    void become_a_grant_when_confirmed() {
      tell(offered(ask(1, now)));
      assertThat(tell(new Confirm(lease(1)))).isInstanceOf(Granted.class);
      assertThat(active()).isEqualTo(1);
    }

    @Test
    void go_to_the_next_in_line_when_declined() {
      tell(offered(ask(1, now)));
      tell(ask(2, now).parked());
      tell(new Decline(lease(1)));
      assertThat(last.woken()).containsOnlyKeys(lease(2));
    }

    @Test
    void lapse_after_their_time_and_cannot_be_confirmed_any_more() {
      tell(offered(ask(1, now)));
      assertThat(owner.nextDue(now)).contains(now.plusSeconds(2));
      later(Duration.ofSeconds(2));
      tell(new Due());
      assertThat(tell(new Confirm(lease(1)))).isInstanceOf(Refused.class);
    }

    @Test
    void yield_to_an_older_asker() {
      tell(offered(ask(1, now.plusSeconds(5))));
      assertThat(tell(offered(ask(2, now)))).isInstanceOf(Offered.class);
      assertThat(tell(new Confirm(lease(1)))).isInstanceOf(Refused.class);
      assertThat(tell(new Confirm(lease(2)))).isInstanceOf(Granted.class);
    }
  }
}

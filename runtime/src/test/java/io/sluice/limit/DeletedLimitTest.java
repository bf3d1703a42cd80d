package io.sluice.limit;

import static io.sluice.limit.Asks.LIMIT_ID;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.handedOver;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.limitOf;
import static io.sluice.limit.Asks.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Delete;
import io.sluice.limit.LimitCommand.DeleteWithLeases;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitCommand.ReleaseLone;
import io.sluice.limit.LimitCommand.Renew;
import io.sluice.limit.LimitCommand.Reset;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.NoSuchLimit;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Lease 1 is of this limit and another, lease 2 of this one alone. */
@DisplayName("A limit under whose leases an operator takes it away")
class DeletedLimitTest extends ToldLimit {
  private static final List<UUID> OTHERS =
      List.of(UUID.fromString("99999999-2222-4333-8444-000000000000"));
  private static final Done DONE = new Done(List.of());
  private static final Duration LAST = MINUTE.minusMillis(1);

  DeletedLimitTest() {
    super(limitOf(2));
  }

  @BeforeEach
  void twoLeases() {
    tell(with(OTHERS, ask(1, now)));
    tell(ask(2, now));
  }

  private Refused gone(int n) {
    return new Refused(new Rejection.LeaseGone(lease(n)));
  }

  private LimitReply renew(int n) {
    return tell(new Renew(lease(n), MINUTE));
  }

  private void create() {
    tell(new LimitCommand.Create(LIMIT_ID, LimitSettings.of("db", 1), 0, List.of()));
  }

  /** As after the node of its owner has failed. */
  private void recover() {
    owner = LimitOwner.recovered(owner.limit(), Asks.BOUNDS, now);
  }

  private void assertNothingIsLeft() {
    assertThat(owner.limit().isKept()).isFalse();
    assertThat(owner.nextDue(now)).isEmpty();
  }

  @Nested
  @DisplayName("that is deleted")
  class Deleted {
    @BeforeEach
    void delete() {
      later(LAST);
      assertThat(tell(new Delete())).isEqualTo(DONE);
    }

    @Test
    void has_its_leases_renewed_as_if_it_were_there() {
      for (int minutes = 0; minutes < 3; minutes++) {
        assertThat(renew(1)).isEqualTo(new Done(OTHERS));
        assertThat(renew(2)).isEqualTo(DONE);
        assertThat(last.events()).isEmpty();
        later(LAST);
        tell(new LimitCommand.Due());
      }
      assertThat(owner.limit().known()).hasSize(2);
    }

    @Test
    void keeps_the_time_that_a_lease_was_renewed_for() {
      tell(new Renew(lease(2), MINUTE.multipliedBy(5)));
      recover();
      later(MINUTE.multipliedBy(5).minusMillis(1));
      tell(new LimitCommand.Due());
      assertThat(renew(1)).isEqualTo(gone(1));
      assertThat(renew(2)).isEqualTo(DONE);
    }

    @Test
    void answers_which_others_are_to_be_given_back_until_it_is_told_that_they_are() {
      assertThat(tell(new ReleaseLone(lease(1)))).isEqualTo(new Done(OTHERS));
      assertThat(tell(new ReleaseLone(lease(1)))).isEqualTo(new Done(OTHERS));
      assertThat(tell(Release.any(lease(1)))).isEqualTo(new Done(OTHERS));
      assertThat(tell(new ReleaseLone(lease(1)))).isEqualTo(DONE);
      assertThat(renew(1)).isEqualTo(gone(1));
      assertThat(tell(new ReleaseLone(lease(2)))).isEqualTo(DONE);
      assertNothingIsLeft();
    }

    @Test
    void forgets_a_lease_that_nobody_renews_when_its_time_is_up() {
      later(Duration.ofMillis(1));
      tell(new LimitCommand.Due());
      assertNothingIsLeft();
      assertThat(renew(1)).isEqualTo(gone(1));
    }

    @Test
    void gives_every_lease_its_full_time_again_after_a_failure() {
      recover();
      later(LAST);
      tell(new LimitCommand.Due());
      assertThat(renew(1)).isEqualTo(new Done(OTHERS));
    }

    @Test
    void holds_nobody_back_and_answers_of_nothing_else() {
      assertThat(tell(ask(1, now))).isInstanceOf(NoSuchLimit.class);
      assertThat(tell(ask(3, now).parked())).isInstanceOf(NoSuchLimit.class);
      assertThat(tell(new LimitCommand.Get())).isInstanceOf(NoSuchLimit.class);
      assertThat(tell(new LimitCommand.Confirm(lease(1)))).isEqualTo(gone(1));
      assertThat(tell(new Delete())).isInstanceOf(NoSuchLimit.class);
      assertThat(tell(new DeleteWithLeases())).isInstanceOf(NoSuchLimit.class);
      assertThat(tell(new LimitCommand.Find(lease(2)))).isEqualTo(DONE);
      assertThat(renew(2)).isEqualTo(DONE);
    }

    @Test
    void is_created_anew_with_all_its_slots_whatever_becomes_of_old_leases() {
      create();
      assertThat(active()).isZero();
      assertThat(tell(ask(3, now))).isInstanceOf(Granted.class);
      assertThat(renew(1)).isEqualTo(new Done(OTHERS));
      tell(Release.any(lease(1)));
      later(Duration.ofMillis(1));
      tell(new LimitCommand.Due());
      assertThat(active()).isEqualTo(1);
      assertThat(tell(ask(4, now))).isInstanceOf(Busy.class);
      assertThat(owner.limit().occupancySeconds()).isEqualTo(Limit.INITIAL_OCCUPANCY_SECONDS);
    }

    @Test
    void grants_an_old_lease_anew_only_for_a_slot() {
      create();
      var token = owner.limit().lastToken();
      assertThat(((Granted) tell(ask(1, now))).token()).isGreaterThan(token);
      assertThat(active()).isEqualTo(1);
      tell(Release.any(lease(1)));
      assertThat(active()).isZero();
      assertThat(renew(1)).isEqualTo(gone(1));
    }

    @Test
    void does_not_take_a_late_release_of_an_earlier_grant_for_the_later_one() {
      tell(new Release(lease(1), 99L));
      assertThat(renew(1)).isEqualTo(new Done(OTHERS));
      tell(new Release(lease(1), 1L));
      assertThat(renew(1)).isEqualTo(gone(1));
    }
  }

  @Test
  void keeps_nothing_of_what_nobody_has_confirmed_when_it_is_deleted() {
    tell(handedOver(ask(3, now)).parked());
    tell(Release.any(lease(1)));
    tell(new Delete());
    assertThat(tell(new LimitCommand.Confirm(lease(3)))).isEqualTo(gone(3));
    assertThat(owner.limit().known()).extracting(Lease::id).containsExactly(lease(2));
  }

  @Test
  void keeps_nothing_of_leases_that_do_not_end_by_themselves_when_it_is_deleted() {
    tell(new LimitCommand.Unbind(lease(1)));
    tell(new LimitCommand.Unbind(lease(2)));
    tell(new Delete());
    assertNothingIsLeft();
  }

  @Test
  void revokes_its_leases_when_it_is_deleted_with_them() {
    assertThat(tell(new DeleteWithLeases())).isEqualTo(DONE);
    assertThat(renew(1)).isEqualTo(gone(1));
    assertThat(renew(2)).isEqualTo(gone(2));
    assertThat(tell(new ReleaseLone(lease(1)))).isEqualTo(new Done(OTHERS));
    tell(Release.any(lease(1)));
    assertNothingIsLeft();
  }

  @Test
  void gives_back_the_others_of_a_lease_that_was_revoked_by_a_reset() {
    tell(new Reset(List.of(ask(3, now))));
    assertThat(active()).isEqualTo(1);
    assertThat(renew(1)).isEqualTo(gone(1));
    assertThat(tell(new LimitCommand.Find(lease(1)))).isEqualTo(gone(1));
    assertThat(tell(new LimitCommand.Find(lease(3)))).isEqualTo(DONE);
    assertThat(owner.view(now).leases()).extracting(l -> l.lease().id()).containsExactly(lease(3));
    recover();
    assertThat(tell(new ReleaseLone(lease(1)))).isEqualTo(new Done(OTHERS));
    tell(Release.any(lease(1)));
    assertThat(active()).isEqualTo(1);
    assertThat(owner.limit().known()).extracting(Lease::id).containsExactly(lease(3));
  }

  @Test
  void forgets_a_revoked_lease_when_its_time_is_up() {
    tell(new Reset(List.of()));
    later(LAST);
    tell(new LimitCommand.Due());
    assertThat(owner.limit().known()).hasSize(1);
    later(Duration.ofMillis(1));
    tell(new LimitCommand.Due());
    assertThat(owner.limit().known()).isEmpty();
  }
}

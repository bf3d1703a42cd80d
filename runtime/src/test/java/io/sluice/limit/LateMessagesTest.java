package io.sluice.limit;

import static io.sluice.limit.Asks.BOUNDS;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.offered;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Refused;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Each of these was found by {@link LimitSimulationTest}. */
@DisplayName("A message that comes late, twice or to a former owner")
class LateMessagesTest extends ToldLimit {
  private static final UUID OTHER_LIMIT = new UUID(99, 99);

  @Test
  void does_not_end_a_later_grant_of_the_same_lease() {
    long first = ((Granted) tell(ask(1, now))).token();
    tell(new Release(lease(1), first));
    assertThat(isHeld(1)).isFalse();
    tell(ask(1, now));

    tell(new Release(lease(1), first));

    assertThat(isHeld(1)).isTrue();
  }

  @Test
  void starts_a_leases_time_anew_when_the_request_for_it_is_repeated() {
    tell(ask(1, now));
    later(Duration.ofSeconds(40));
    assertThat(tell(ask(1, now))).isInstanceOf(Granted.class);
    later(Duration.ofSeconds(40));

    tell(new LimitCommand.Due());

    assertThat(isHeld(1)).isTrue();
    later(Duration.ofSeconds(20));
    tell(new LimitCommand.Due());
    assertThat(isHeld(1)).isFalse();
  }

  @Test
  void confirms_an_offer_a_second_time() {
    tell(offered(ask(1, now)));
    var first = (Granted) tell(new LimitCommand.Confirm(lease(1)));

    assertThat(tell(new LimitCommand.Confirm(lease(1)))).isEqualTo(first);
    assertThat(last.events()).isEmpty();
  }

  @Test
  void takes_whoever_gives_up_out_of_the_line() {
    tell(ask(1, now));
    tell(ask(2, now).parked());

    tell(Release.any(lease(2)));

    assertThat(last.woken().get(lease(2))).isInstanceOf(Busy.class);
    tell(Release.any(lease(1)));
    assertThat(isHeld(2)).isFalse();
  }

  @Test
  void does_not_confirm_an_offer_to_whoever_has_given_up() {
    tell(offered(ask(1, now)));
    tell(Release.any(lease(1)));

    assertThat(tell(new LimitCommand.Confirm(lease(1)))).isInstanceOf(Refused.class);

    assertThat(isHeld(1)).isFalse();
  }

  @Test
  void tells_of_the_other_limits_of_a_lease_until_they_are_given_back() {
    tell(
        new LimitCommand.Acquire(
            lease(1),
            1,
            false,
            new Hold.Leased(MINUTE, List.of(OTHER_LIMIT)),
            null,
            now,
            0,
            IfBusy.FORGET,
            Style.GRANT));

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThat(tell(new LimitCommand.ReleaseLone(lease(1))))
          .isEqualTo(new Done(List.of(OTHER_LIMIT)));
      assertThat(isHeld(1)).isTrue();
    }
    tell(Release.any(lease(1)));
    assertThat(isHeld(1)).isFalse();
  }

  @Test
  void releases_a_lease_of_one_limit_in_one_step() {
    tell(ask(1, now));
    tell(new LimitCommand.ReleaseLone(lease(1)));
    assertThat(isHeld(1)).isFalse();
  }

  @Test
  void is_told_that_a_lease_is_gone_only_by_who_can_still_write() {
    assertThat(tell(new LimitCommand.Renew(lease(1), MINUTE))).isInstanceOf(Refused.class);
    assertThat(last.ownerOnly()).isTrue();
    tell(Release.any(lease(1)));
    assertThat(last.ownerOnly()).isTrue();
    tell(new LimitCommand.ReleaseLone(lease(1)));
    assertThat(last.ownerOnly()).isTrue();

    tell(ask(1, now));
    tell(new LimitCommand.Renew(lease(1), MINUTE));
    assertThat(last.ownerOnly()).isFalse();
  }

  @Test
  void writes_nothing_for_a_limit_that_there_never_was() {
    owner = Asks.owner();
    tell(new LimitCommand.Renew(lease(1), MINUTE));
    assertThat(last.ownerOnly()).isFalse();
  }

  @Test
  void counts_as_a_renewal_although_a_former_owner_confirmed_it() {
    tell(ask(1, now));
    var bounds =
        new LimitBounds(
            BOUNDS.lineMax(),
            BOUNDS.offerFor(),
            BOUNDS.placeSlack(),
            MINUTE,
            Duration.ofSeconds(10));
    owner = LimitOwner.recovered(owner.limit(), bounds, now);

    later(MINUTE.plusSeconds(9));
    tell(new LimitCommand.Due());
    assertThat(isHeld(1)).isTrue();
    later(Duration.ofSeconds(1));
    tell(new LimitCommand.Due());
    assertThat(isHeld(1)).isFalse();
  }
}

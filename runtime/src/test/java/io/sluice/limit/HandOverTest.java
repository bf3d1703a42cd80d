package io.sluice.limit;

import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Confirm;
import io.sluice.limit.LimitCommand.Decline;
import io.sluice.limit.LimitCommand.Due;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A slot handed over to somebody who waited at another node")
class HandOverTest extends ToldLimit {
  private static Acquire waiting(int n) {
    return ask(n, NOON.plusSeconds(n)).with(IfBusy.PARK, Style.HAND_OVER);
  }

  /** One holds, 2 and 3 wait; then it is 2's turn. */
  private void handOverToSecond() {
    assertThat(tell(waiting(1))).as("there is room").isInstanceOf(Granted.class);
    tell(waiting(2));
    tell(waiting(3));
    tell(Release.any(lease(1)));
  }

  private void offerIsOver() {
    now = now.plus(Asks.BOUNDS.offerFor());
    assertThat(owner.nextDue(now)).get().isEqualTo(now);
    tell(new Due());
  }

  @Test
  void is_written_together_with_the_release_and_waits_to_be_confirmed() {
    handOverToSecond();

    assertThat(last.events()).hasSize(2).last().isInstanceOf(LimitEvent.Granted.class);
    assertThat(last.woken()).containsOnlyKeys(lease(2));
    assertThat(last.woken().get(lease(2))).isInstanceOf(Offered.class);
    assertThat(isHeld(2)).isTrue();
  }

  @Test
  void is_kept_once_confirmed() {
    handOverToSecond();

    assertThat(tell(new Confirm(lease(2)))).isInstanceOf(Granted.class);
    now = now.plus(Asks.BOUNDS.offerFor().multipliedBy(2));
    tell(new Due());

    assertThat(isHeld(2)).isTrue();
  }

  @Test
  void goes_to_the_next_in_line_if_nobody_confirms_it() {
    handOverToSecond();

    offerIsOver();

    assertThat(isHeld(2)).isFalse();
    assertThat(isHeld(3)).isTrue();
    assertThat(last.woken()).containsOnlyKeys(lease(3));
    assertThat(tell(new Confirm(lease(2)))).isInstanceOf(Refused.class);
    assertThat(tell(new Confirm(lease(3)))).isInstanceOf(Granted.class);
  }

  @Test
  void counts_as_confirmed_by_who_asks_for_it_again() {
    handOverToSecond();

    assertThat(tell(waiting(2))).isInstanceOf(Granted.class);
    now = now.plus(Asks.BOUNDS.offerFor());
    tell(new Due());

    assertThat(isHeld(2)).isTrue();
  }

  @Test
  void comes_back_when_it_is_declined() {
    handOverToSecond();

    tell(new Decline(lease(2)));

    assertThat(isHeld(2)).isFalse();
    assertThat(isHeld(3)).isTrue();
  }

  @Test
  void is_not_taken_from_who_was_granted_without_that() {
    tell(ask(1, NOON));
    tell(ask(2, NOON).with(IfBusy.PARK, Style.GRANT));
    tell(Release.any(lease(1)));

    assertThat(last.woken().get(lease(2))).isInstanceOf(Granted.class);
    assertThat(owner.nextDue(now)).get().isEqualTo(now.plus(Duration.ofMinutes(1)));
    tell(new Decline(lease(2)));
    assertThat(isHeld(2)).isTrue();
  }

  @Test
  void is_forgotten_with_its_lease_so_that_a_later_one_is_not_taken_back() {
    handOverToSecond();
    tell(Release.any(lease(2)));
    tell(new Confirm(lease(3)));
    tell(Release.any(lease(3)));

    assertThat(tell(ask(2, now))).isInstanceOf(Granted.class);
    now = now.plus(Asks.BOUNDS.offerFor());
    tell(new Due());

    assertThat(isHeld(2)).isTrue();
  }
}

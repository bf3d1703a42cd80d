package io.sluice.limit;

import static io.sluice.limit.Asks.BOUNDS;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitReply.Busy;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Somebody in line whose request is not repeated")
class SilentWaiterTest extends ToldLimit {
  private static final Duration HELD_FOR = BOUNDS.heldFor();

  @BeforeEach
  void lineUpBehindALeaseWithoutAnEnd() {
    tell(ask(1, NOON));
    tell(new LimitCommand.Unbind(lease(1)));
    tell(ask(2, NOON).parked());
  }

  @Test
  void gets_no_slot_once_nobody_can_listen() {
    now = NOON.plus(HELD_FOR.minusMillis(1));
    tell(ask(3, now).parked());

    now = NOON.plus(HELD_FOR);
    tell(LimitCommand.Release.any(lease(1)));

    assertThat(isHeld(2)).isFalse();
    assertThat(isHeld(3)).isTrue();
    assertThat(last.woken().get(lease(2))).as("answered in any case").isInstanceOf(Busy.class);
  }

  @Test
  void gets_a_slot_until_then() {
    now = NOON.plus(HELD_FOR.minusMillis(1));
    tell(LimitCommand.Release.any(lease(1)));
    assertThat(isHeld(2)).isTrue();
  }

  @Test
  void is_forgotten_by_itself() {
    assertThat(owner.nextDue(now)).contains(NOON.plus(HELD_FOR));
    now = NOON.plus(HELD_FOR);
    tell(new LimitCommand.Due());
    assertThat(owner.line().size()).isZero();
    assertThat(last.events()).isEmpty();
    assertThat(owner.nextDue(now)).isEmpty();
  }

  @Test
  void keeps_its_place_by_repeating_it() {
    tell(ask(3, NOON.plusSeconds(1)).parked());
    now = NOON.plus(HELD_FOR.minusMillis(1));
    tell(ask(2, NOON).parked());
    tell(ask(3, NOON.plusSeconds(1)).parked());

    now = NOON.plus(HELD_FOR.multipliedBy(2).minusMillis(2));
    tell(LimitCommand.Release.any(lease(1)));

    assertThat(isHeld(2)).isTrue();
    assertThat(owner.line().size()).isEqualTo(1);
  }

  @Test
  void waits_on_if_the_repetition_is_the_first_that_is_heard_after_that_time() {
    now = NOON.plus(HELD_FOR.plusSeconds(1));

    assertThat(tell(ask(2, NOON).parked())).as("held").isNull();

    assertThat(last.woken().get(lease(2))).as("the earlier request").isInstanceOf(Busy.class);
    assertThat(owner.line().parkedCount()).isEqualTo(1);
  }

  @Test
  void is_told_if_the_limit_is_deleted_in_that_moment() {
    now = NOON.plus(HELD_FOR);
    tell(new LimitCommand.Delete());
    assertThat(last.woken().get(lease(2))).isInstanceOf(LimitReply.NoSuchLimit.class);
  }
}

package io.sluice.limit;

import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.limitOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Outlook;
import io.sluice.limit.LimitCommand.Release;
import io.sluice.limit.LimitReply.Busy;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of a limit")
class PaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private Instant now = Asks.NOON;
  private LimitOwner owner = limitOf(2);

  private LimitReply tell(LimitCommand command) {
    var decision = command.decide(owner, now);
    owner = decision.after();
    return decision.reply();
  }

  private void hold(int number, Duration hold) {
    tell(ask(number, now));
    now = now.plus(hold);
    tell(Release.any(lease(number)));
  }

  private int soon(Duration within) {
    return ((LimitReply.Outlook) tell(new Outlook(within, 0))).askers();
  }

  @Test
  void is_the_time_slots_were_held_for_each_that_came_free() {
    hold(1, SECOND);
    hold(2, SECOND.multipliedBy(3));
    // Two slots, each held for 2 s on average, and both are free: 2 + 2 * 10 / 2.
    assertThat(soon(Duration.ofSeconds(10))).isEqualTo(2 + 10);
  }

  @Test
  void does_not_slow_down_while_nobody_asks() {
    hold(1, SECOND);
    int before = soon(Duration.ofSeconds(10));
    now = now.plusSeconds(3600);
    assertThat(soon(Duration.ofSeconds(10))).isEqualTo(before);
  }

  @Test
  void slows_down_while_the_present_holders_keep_their_slots() {
    hold(1, SECOND);
    tell(ask(2, now));
    tell(ask(3, now));
    now = now.plusSeconds(60);
    // One came free in 1 + 60 + 60 seconds of holding.
    assertThat(soon(Duration.ofSeconds(121))).isEqualTo(2);
    var busy = (Busy) tell(ask(4, now));
    assertThat(busy.estimate()).isEqualTo(Duration.ofMillis(60_500));
  }

  @Test
  void is_unknown_before_the_first_release_and_then_many_may_come() {
    tell(ask(1, now));
    assertThat(soon(SECOND)).isGreaterThan(1000);
  }
}

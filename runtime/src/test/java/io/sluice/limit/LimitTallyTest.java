package io.sluice.limit;

import static io.sluice.limit.Asks.BOUNDS;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.keepingPlace;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.loose;
import static io.sluice.limit.Asks.offered;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitTally.Grant;
import io.sluice.limit.LimitTally.HandOff;
import io.sluice.limit.LimitTally.Hold;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The tally of a round")
class LimitTallyTest {
  private static final Instant LATER = NOON.plusSeconds(10);

  private final LimitDesk<String> desk = new LimitDesk<>(BOUNDS, 400, true);

  @BeforeEach
  void ofOneSlot() {
    desk.recovered(Asks.limitOf(1).limit(), NOON, true);
  }

  /** Received at {@code at} and decided half a second later. */
  private LimitTally after(Instant at, LimitCommand command) {
    desk.receive(command, "asker", at);
    var round = desk.decide(at.plusMillis(500), true);
    desk.written();
    return round.tally();
  }

  @Test
  void counts_a_grant_once_however_often_it_is_asked_for() {
    assertThat(after(NOON, ask(1, NOON)).grants()).containsExactly(new Grant(NOON));
    assertThat(after(LATER, ask(1, NOON)).grants()).isEmpty();
    assertThat(after(LATER, new LimitCommand.Confirm(lease(1))).grants()).isEmpty();
  }

  @Test
  void has_the_hand_off_from_when_the_release_came_with_the_wait_and_the_hold() {
    after(NOON, ask(1, NOON));
    assertThat(after(NOON, ask(2, NOON.plusSeconds(1)).parked()).grants()).isEmpty();

    var tally = after(LATER, LimitCommand.Release.any(lease(1)));

    assertThat(tally.handOffs()).containsExactly(new HandOff(1, LATER, LATER));
    assertThat(tally.grants()).containsExactly(new Grant(NOON.plusSeconds(1)));
    assertThat(tally.holds()).containsExactly(new Hold(10, false));
  }

  @Test
  void has_the_hand_off_of_a_lease_that_nobody_renewed_from_its_end() {
    after(NOON, ask(1, NOON));
    after(NOON, ask(2, NOON).parked());
    var over = NOON.plusMillis(500).plus(MINUTE);

    var tally = after(over.plusSeconds(3), new LimitCommand.Due());

    var decided = over.plusMillis(3500);
    assertThat(tally.handOffs()).containsExactly(new HandOff(1, over, decided));
    assertThat(tally.holds()).containsExactly(new Hold(63.5, true));
    // What the tally does not count again.
    assertThat(desk.standing().idleWithHeld(decided)).isEqualTo(3.5);
  }

  @Test
  void has_the_hand_off_to_a_request_for_several_limits_when_slots_are_set_aside() {
    after(NOON, ask(1, NOON));
    after(NOON, offered(ask(2, NOON)).parked());

    var tally = after(LATER, LimitCommand.Release.any(lease(1)));
    assertThat(tally.handOffs()).hasSize(1);
    assertThat(tally.grants()).isEmpty();

    var confirmed = after(LATER, new LimitCommand.Confirm(lease(2)));
    assertThat(confirmed.grants()).containsExactly(new Grant(NOON));
    assertThat(confirmed.handOffs()).isEmpty();
  }

  @Test
  void has_the_grant_to_who_waits_at_another_node_once_when_it_is_handed_over() {
    after(NOON, ask(1, NOON));
    after(NOON, ask(2, NOON).with(LimitCommand.IfBusy.PARK, LimitCommand.Style.HAND_OVER));

    var tally = after(LATER, LimitCommand.Release.any(lease(1)));
    assertThat(tally.grants()).containsExactly(new Grant(NOON));
    assertThat(tally.handOffs()).hasSize(1);

    assertThat(after(LATER, new LimitCommand.Confirm(lease(2))).grants()).isEmpty();
  }

  @Test
  void has_the_whole_wait_of_who_was_sent_away_meanwhile() {
    after(NOON, ask(1, NOON));
    assertThat(after(NOON, keepingPlace(ask(2, NOON))).denials()).containsExactly("busy");
    var soon = NOON.plusSeconds(2);
    after(soon, LimitCommand.Release.any(lease(1)));
    assertThat(after(soon, ask(2, soon)).grants()).containsExactly(new Grant(NOON));
  }

  @Test
  void says_why_requests_were_denied() {
    assertThat(after(NOON, ask(1, 2, NOON)).denials()).containsExactly("MoreThanLimit");
    assertThat(after(NOON, new LimitCommand.Renew(lease(1), MINUTE)).denials())
        .containsExactly("LeaseGone");
  }

  @Test
  void counts_renewals_by_holders_and_slots_without_a_lease() {
    after(NOON, ask(1, NOON));
    assertThat(after(LATER, new LimitCommand.Renew(lease(1), MINUTE)).renewals()).isEqualTo(1);
    after(LATER, LimitCommand.Release.any(lease(1)));
    assertThat(after(LATER, loose(2, 1, NOON)).grants()).hasSize(1);
    assertThat(after(LATER, new LimitCommand.GiveBack(1, 4.0)).holds())
        .containsExactly(new Hold(4, false));
  }

  @Test
  void is_not_made_if_nobody_measures() {
    var unmeasured = new LimitDesk<String>(BOUNDS, 400, false);
    unmeasured.recovered(Asks.limitOf(1).limit(), NOON, true);
    unmeasured.receive(ask(1, NOON), "asker", NOON);
    assertThat(unmeasured.decide(NOON, true).tally()).isNull();
    assertThat(unmeasured.standing()).isNull();
  }
}

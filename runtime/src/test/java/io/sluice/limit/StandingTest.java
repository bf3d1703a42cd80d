package io.sluice.limit;

import static io.sluice.limit.Asks.BOUNDS;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static io.sluice.limit.Asks.loose;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitCommand.Acquire;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;

@DisplayName("The idle time of a limit")
class StandingTest {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final Instant LATER = NOON.plus(TEN_SECONDS);

  /** What no turn leaves behind: so many wait although {@code limit} may have room for them. */
  private static Standing planted(Limit limit, List<Acquire> held, List<Acquire> away) {
    var line = Line.EMPTY;
    for (var ask : held) {
      line = line.with(new Waiter(ask, true, NOON.plus(MINUTE)));
    }
    for (var ask : away) {
      line = line.with(new Waiter(ask, false, NOON.plus(MINUTE)));
    }
    var owner =
        new LimitOwner(
            limit,
            line,
            Deadlines.anew(limit.known(), NOON),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            Pace.UNKNOWN,
            BOUNDS);
    return Standing.of(owner, NOON);
  }

  private static Limit holding(Limit limit, Acquire... asks) {
    var owner = LimitOwner.recovered(limit, BOUNDS, NOON);
    for (var ask : asks) {
      owner = ask.decide(owner, NOON).after();
    }
    return owner.limit();
  }

  @Test
  void rises_while_slots_are_free_and_held_requests_wait() {
    var two = planted(Asks.limitOf(3).limit(), List.of(ask(1, NOON), ask(2, NOON)), List.of());
    assertThat(two.idleWithHeld(NOON)).isZero();
    assertThat(two.idleWithHeld(LATER)).isEqualTo(20);
    assertThat(two.idleWithAway(LATER)).isZero();

    var five = planted(Asks.limitOf(7).limit(), List.of(ask(1, 5, NOON)), List.of());
    assertThat(five.idleWithHeld(LATER)).isEqualTo(50);
  }

  @Test
  void of_those_who_are_away_is_told_apart() {
    var away = planted(Asks.limitOf(1).limit(), List.of(), List.of(ask(1, NOON)));
    assertThat(away.idleWithAway(LATER)).isEqualTo(10);
    assertThat(away.idleWithHeld(LATER)).isZero();
  }

  @Test
  void goes_on_from_what_was_counted_when_the_situation_changes() {
    var planted = planted(Asks.limitOf(1).limit(), List.of(ask(1, NOON)), List.of());
    var served = planted.then(Asks.limitOf(1), LATER);
    assertThat(served.idleWithHeld(LATER)).isEqualTo(10);
    assertThat(served.idleWithHeld(LATER.plus(TEN_SECONDS))).isEqualTo(10);
  }

  @Test
  void stands_still_while_slots_are_taken_or_too_few_or_nobody_waits() {
    var one = Asks.limitOf(1).limit();
    var full = planted(holding(one, ask(9, NOON)), List.of(ask(1, NOON)), List.of());
    var tooFew = planted(Asks.limitOf(2).limit(), List.of(ask(1, 3, NOON)), List.of());
    var blocked =
        planted(
            Asks.limitOf(2).limit(),
            List.of(ask(1, 3, NOON)),
            List.of(ask(2, 1, NOON.plusSeconds(1))));
    var inactive =
        planted(
            Asks.created(LimitSettings.of("db", 1).withActive(false)).limit(),
            List.of(ask(1, NOON)),
            List.of());
    var gone = planted(Limit.ABSENT, List.of(ask(1, NOON)), List.of(ask(2, NOON)));
    for (var still : List.of(full, tooFew, blocked, inactive, gone)) {
      assertThat(still.idleWithHeld(LATER)).isZero();
      assertThat(still.idleWithAway(LATER)).isZero();
    }
  }

  @Test
  void begins_when_a_lease_is_over_although_its_owner_has_not_looked() {
    var full = holding(Asks.limitOf(1).limit(), ask(9, NOON));
    var late = planted(full, List.of(ask(1, NOON)), List.of());
    assertThat(late.idleWithHeld(NOON.plus(MINUTE))).isZero();
    assertThat(late.idleWithHeld(NOON.plus(MINUTE).plusSeconds(3))).isEqualTo(3);
    assertThat(late.freeSince(NOON.plus(MINUTE).plusSeconds(3))).contains(NOON.plus(MINUTE));
  }

  @Test
  void begins_when_a_slot_has_decayed_although_its_owner_has_not_looked() {
    var rate = Asks.created(LimitSettings.of("rate", 1).withDecay(0.5)).limit();
    var late = planted(holding(rate, loose(9, 1, NOON)), List.of(loose(1, 1, NOON)), List.of());
    assertThat(late.idleWithHeld(NOON.plusSeconds(2))).isZero();
    assertThat(late.idleWithHeld(NOON.plusSeconds(5))).isEqualTo(3);
  }

  @Test
  void stays_zero_in_a_limit_that_is_always_busy() {
    var desk = new LimitDesk<Integer>(BOUNDS, 400, true);
    desk.recovered(Asks.limitOf(3).limit(), NOON, true);
    var holders = new ArrayDeque<Integer>();
    var now = NOON;
    for (int n = 0; n < 40; n++) {
      desk.receive(ask(n, now).parked(), n, now);
    }
    int grants = 0;
    int handOffs = 0;
    while (desk.hasWork()) {
      var round = desk.decide(now, true);
      desk.written();
      round.answers().stream()
          .filter(answer -> answer.reply() instanceof LimitReply.Granted)
          .forEach(answer -> holders.add(answer.to()));
      grants += round.tally().grants().size();
      handOffs += round.tally().handOffs().size();
      now = now.plusMillis(50);
      if (!holders.isEmpty()) {
        desk.receive(LimitCommand.Release.any(lease(holders.poll())), -1, now);
      }
    }
    assertThat(grants).isEqualTo(40);
    assertThat(handOffs).isEqualTo(37);
    assertThat(desk.standing().idleWithHeld(now.plus(MINUTE))).isZero();
  }

  @Test
  void has_the_oldest_in_line_whatever_its_priority() {
    var urgent = ask(1, NOON);
    var first =
        new Acquire(
            urgent.leaseId(),
            1,
            false,
            urgent.lease(),
            urgent.holder(),
            NOON,
            -1,
            urgent.ifBusy(),
            urgent.style());
    var standing =
        planted(Asks.limitOf(1).limit(), List.of(first), List.of(ask(2, NOON.minusSeconds(30))));
    assertThat(standing.oldest()).contains(NOON.minusSeconds(30));
    assertThat(standing.held()).isEqualTo(1);
    assertThat(standing.away()).isEqualTo(1);
  }
}

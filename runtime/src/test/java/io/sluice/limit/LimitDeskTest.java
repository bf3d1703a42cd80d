package io.sluice.limit;

import static io.sluice.limit.Asks.BOUNDS;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitDesk.Answer;
import io.sluice.limit.LimitReply.AskAgain;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The desk of a limit's owner")
class LimitDeskTest {
  private static final Duration OVERLAP = Duration.ofSeconds(10);
  private static final LimitEvent NOTHING = new LimitEvent.Batch(List.of());

  private final LimitDesk<String> desk =
      new LimitDesk<>(
          new LimitBounds(
              BOUNDS.lineMax(), BOUNDS.offerFor(), BOUNDS.placeSlack(), MINUTE, OVERLAP),
          2,
          true);
  private final Limit limit = Asks.limitOf(1).limit();

  private LimitDesk.Round<String> get(Duration after) {
    desk.receive(new LimitCommand.Get(), "reader", NOON);
    return desk.decide(NOON.plus(after), true);
  }

  @Test
  void writes_once_before_it_answers_anybody_although_nothing_happened() {
    desk.recovered(limit, NOON, true);
    assertThat(get(Duration.ZERO).event()).isEqualTo(NOTHING);
    desk.written();
    assertThat(get(Duration.ZERO).event()).isNull();
  }

  @Test
  void writes_once_more_when_no_former_owner_can_be_alive() {
    desk.recovered(limit, NOON, true);
    get(Duration.ZERO);
    desk.written();
    assertThat(desk.dueIn(NOON)).contains(OVERLAP);
    assertThat(desk.mayLeave(NOON)).isFalse();
    assertThat(get(OVERLAP.minusMillis(1)).event()).isNull();

    assertThat(get(OVERLAP).event()).isEqualTo(NOTHING);
    desk.written();

    assertThat(get(OVERLAP).event()).isNull();
    assertThat(desk.mayLeave(NOON.plus(OVERLAP))).isTrue();
  }

  @Test
  void writes_nothing_for_a_limit_that_there_is_not() {
    desk.recovered(Limit.ABSENT, NOON, true);
    assertThat(get(Duration.ZERO).event()).isNull();
    assertThat(desk.mayLeave(NOON)).isTrue();
  }

  /** A former owner may have written that it was given back. */
  @Test
  void writes_once_for_leases_that_outlived_their_limit() {
    var owner = ask(1, NOON).decide(Asks.limitOf(1), NOON).after();
    desk.recovered(new LimitCommand.Delete().decide(owner, NOON).after().limit(), NOON, true);
    assertThat(get(Duration.ZERO).event()).isEqualTo(NOTHING);
    desk.written();
    assertThat(get(Duration.ZERO).event()).isNull();
    assertThat(get(OVERLAP).event()).isEqualTo(NOTHING);
  }

  @Test
  void writes_before_it_says_that_a_lease_is_gone() {
    desk.recovered(limit, NOON, true);
    get(OVERLAP);
    desk.written();

    desk.receive(new LimitCommand.Renew(lease(1), MINUTE), "holder", NOON);
    var round = desk.decide(NOON.plus(OVERLAP), true);

    assertThat(round.event()).isEqualTo(NOTHING);
    assertThat(round.answers()).extracting(Answer::to).containsExactly("holder");
  }

  @Test
  void writes_before_it_begins_the_time_of_a_lease_anew_while_it_may_have_lost_its_place() {
    desk.recovered(limit, NOON, true);
    desk.receive(ask(1, NOON), "holder", NOON);
    desk.decide(NOON.plus(OVERLAP), false);
    desk.written();
    var again =
        List.of(
            new LimitCommand.Renew(lease(1), MINUTE),
            ask(1, NOON),
            new LimitCommand.Confirm(lease(1)));

    for (var command : again) {
      desk.receive(command, "holder", NOON);
      assertThat(desk.decide(NOON.plus(OVERLAP), true).event()).isNull();
      desk.receive(command, "holder", NOON);
      assertThat(desk.decide(NOON.plus(OVERLAP), false).event()).isEqualTo(NOTHING);
      desk.written();
    }
  }

  @Test
  void writes_before_it_begins_the_time_of_a_lease_anew_while_a_former_owner_may_be_alive() {
    desk.recovered(limit, NOON, true);
    desk.receive(ask(1, NOON), "holder", NOON);
    desk.decide(NOON, true);
    desk.written();

    desk.receive(ask(1, NOON), "holder", NOON);
    assertThat(desk.decide(NOON.plus(OVERLAP).minusMillis(1), true).event()).isEqualTo(NOTHING);
    desk.written();
  }

  @Test
  void decides_nothing_after_a_start_until_it_is_sure_of_its_place() {
    desk.recovered(limit, NOON, false);
    desk.receive(ask(1, NOON), "first", NOON);
    var round = desk.decide(NOON, false);
    assertThat(round.event()).isNull();
    assertThat(round.answers()).containsExactly(new Answer<>("first", new AskAgain()));
    assertThat(desk.hasWork()).isFalse();
    assertThat(desk.dueIn(NOON.plus(OVERLAP)).orElseThrow()).isPositive();

    desk.receive(ask(1, NOON), "first", NOON);
    assertThat(desk.decide(NOON, true).event()).isInstanceOf(LimitEvent.Granted.class);
    desk.written();
    desk.receive(LimitCommand.Release.any(lease(1)), "first", NOON);
    assertThat(desk.decide(NOON, false).event()).isInstanceOf(LimitEvent.Released.class);
  }

  @Test
  void decides_at_most_a_batch_together_and_names_all_who_are_unanswered() {
    desk.recovered(limit, NOON, true);
    desk.receive(ask(1, NOON), "first", NOON);
    desk.receive(ask(2, NOON).parked(), "second", NOON);
    desk.receive(ask(3, NOON), "third", NOON);

    var round = desk.decide(NOON, true);

    assertThat(round.answers()).extracting(Answer::to).containsExactly("first");
    assertThat(desk.hasWork()).isTrue();
    assertThat(desk.unsure()).containsExactly("first");
    assertThat(desk.unanswered()).containsExactlyInAnyOrder("second", "third");
    assertThat(desk.unsure()).isEmpty();
    assertThat(desk.unanswered()).isEmpty();
  }

  /** As happens to those who wait for longer than so many others need to be forgotten. */
  @Test
  void leaves_in_line_whose_request_is_sent_a_second_time() {
    desk.recovered(limit, NOON, true);
    desk.receive(ask(1, NOON), "holder", NOON);
    desk.receive(parked(2), "waiter", NOON);
    desk.decide(NOON.plus(OVERLAP), true);
    desk.written();

    desk.receive(parked(2), "waiter", NOON);
    var repeated = desk.decide(NOON.plus(OVERLAP), true);

    assertThat(repeated.answers()).isEmpty();
    assertThat(desk.owner().line().parkedCount()).isEqualTo(1);
    desk.receive(LimitCommand.Release.any(lease(1)), "holder", NOON);
    assertThat(desk.decide(NOON.plus(OVERLAP), true).answers())
        .extracting(Answer::to)
        .containsExactlyInAnyOrder("holder", "waiter");
  }

  @Test
  void sends_back_an_earlier_request_when_its_asker_asks_anew() {
    desk.recovered(limit, NOON, true);
    desk.receive(ask(1, NOON), "holder", NOON);
    desk.receive(parked(2), "waiter", NOON);
    desk.decide(NOON.plus(OVERLAP), true);
    desk.written();

    desk.receive(parked(2), "waiter again", NOON);

    assertThat(desk.decide(NOON.plus(OVERLAP), true).answers())
        .extracting(Answer::to)
        .containsExactly("waiter");
  }

  private static LimitCommand parked(int number) {
    return ask(number, NOON).parked();
  }
}

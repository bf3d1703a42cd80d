package io.sluice.limit;

import static io.sluice.limit.Asks.LIMIT_ID;
import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.HeldLease;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The owner of a limit")
class LimitActorTimeTest extends LimitActorFixture {
  @Nested
  @DisplayName("when time passes")
  class Expiring {

    @Test
    void frees_the_slot_of_a_lease_that_nobody_renews() {
      create(1);
      execute(ask(1, NOON));
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));
      view();

      pass(Duration.ofSeconds(59));
      assertThat(holders()).containsExactly(lease(1));
      assertThat(heard(waiter)).isFalse();

      pass(Duration.ofSeconds(1));
      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      assertThat(holders()).containsExactly(lease(2));
    }

    @Test
    void counts_from_the_last_renewal_it_saw() {
      create(1);
      execute(ask(1, NOON));
      pass(Duration.ofSeconds(59));
      execute(new LimitCommand.Renew(lease(1), MINUTE));

      pass(Duration.ofSeconds(59));
      assertThat(holders()).containsExactly(lease(1));

      pass(Duration.ofSeconds(1));
      assertThat(holders()).isEmpty();
      assertThat(execute(new LimitCommand.Renew(lease(1), MINUTE)))
          .isInstanceOf(LimitReply.Refused.class);
    }

    @Test
    void does_not_believe_the_time_of_askers() {
      create(1);
      execute(ask(1, NOON.minus(Duration.ofDays(365))));
      pass(Duration.ofSeconds(59));
      assertThat(holders()).containsExactly(lease(1));
    }

    @Test
    void expires_all_leases_that_are_due_with_one_row() {
      create(3);
      for (int n = 1; n <= 3; n++) {
        execute(ask(n, NOON));
      }

      pass(MINUTE);

      assertThat(holders()).isEmpty();
      var rows = rows();
      assertThat(((LimitEvent.Batch) rows.get(rows.size() - 1)).events())
          .hasSize(3)
          .allMatch(LimitEvent.Expired.class::isInstance);
    }

    @Test
    void takes_an_offer_back_that_is_neither_confirmed_nor_declined() {
      create(1);
      assertThat(execute(Asks.offered(ask(1, NOON)))).isInstanceOf(LimitReply.Offered.class);
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));
      view();

      pass(Asks.BOUNDS.offerFor());

      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      assertThat(execute(new LimitCommand.Confirm(lease(1))))
          .isInstanceOf(LimitReply.Refused.class);
    }

    @Test
    void grants_the_head_of_the_line_when_its_slot_has_decayed() {
      var settings = LimitSettings.of("rate", 1).withDecay(0.5);
      execute(new LimitCommand.Create(LIMIT_ID, settings, 1, List.of()));
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(Asks.loose(2, 1, NOON).parked(), waiter.getRef()));
      view();

      pass(Duration.ofMillis(1999));
      view();
      assertThat(heard(waiter)).isFalse();
      pass(Duration.ofMillis(1));

      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Granted.class);
    }
  }

  @Nested
  @DisplayName("when it starts again")
  class Recovering {

    @Test
    void gives_every_lease_its_full_time_again() {
      create(2);
      execute(ask(1, NOON));
      pass(Duration.ofSeconds(59));
      restart();

      pass(Duration.ofSeconds(59));
      assertThat(view().leases())
          .extracting(HeldLease::expires)
          .containsExactly(NOON.plusSeconds(119));

      pass(Duration.ofSeconds(1));
      assertThat(holders()).isEmpty();
    }

    @Test
    void lets_leases_expire_that_nobody_asks_about() {
      create(1);
      execute(ask(1, NOON));

      restartUnasked();

      asker.awaitAssert(
          BOUND,
          () -> {
            pass(MINUTE);
            assertThat(rows()).last().isInstanceOf(LimitEvent.Expired.class);
            return null;
          });
    }

    @Test
    void knows_from_snapshot_and_later_rows_what_it_knew() {
      create(10);
      for (int n = 1; n <= 2 * SNAPSHOT_EVERY + 2; n++) {
        execute(ask(n % 7, NOON));
        execute(LimitCommand.Release.any(lease(n % 3)));
      }
      var before = view();
      assertThat(before.leases()).isNotEmpty();

      restart();

      assertThat(view()).isEqualTo(before);
    }

    @Test
    void goes_on_with_higher_tokens() {
      create(5);
      long before = ((Granted) execute(ask(1, NOON))).token();
      execute(LimitCommand.Release.any(lease(1)));
      restart();
      assertThat(((Granted) execute(ask(2, NOON))).token()).isGreaterThan(before);
    }

    @Test
    void answers_the_same_to_a_request_that_is_sent_again() {
      create(1);
      var first = execute(ask(1, NOON));
      restart();
      assertThat(execute(ask(1, NOON))).isEqualTo(first);
      assertThat(rows()).hasSize(2);
    }
  }
}

package io.sluice.limit;

import static io.sluice.limit.Asks.MINUTE;
import static io.sluice.limit.Asks.NOON;
import static io.sluice.limit.Asks.ask;
import static io.sluice.limit.Asks.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.LimitReply.AskAgain;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.PerhapsDone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("The owner of a limit")
class LimitActorTest extends LimitActorFixture {
  @Nested
  @DisplayName("when an asker is gone, because its node died or its time is up,")
  class Gone {
    @Test
    void does_not_grant_it_the_slot_that_comes_free() {
      create(1);
      execute(ask(1, NOON));
      var gone = testKit.<LimitReply>createTestProbe();
      var next = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), gone.getRef()));
      owner.tell(new LimitActor.Execute(parked(3), next.getRef()));
      view();

      gone.stop();
      asker.awaitAssert(BOUND, () -> assertWaiting(1));
      execute(new LimitCommand.Release(lease(1), null));

      assertThat(next.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      assertThat(holders()).containsExactly(lease(3));
    }

    private Void assertWaiting(int count) {
      assertThat(view().waiting()).isEqualTo(count);
      return null;
    }

    @Test
    void keeps_the_place_for_who_asked_again_under_the_same_lease() {
      create(1);
      execute(ask(1, NOON));
      var gone = testKit.<LimitReply>createTestProbe();
      var again = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), gone.getRef()));
      owner.tell(new LimitActor.Execute(parked(2), again.getRef()));
      assertThat(gone.receiveMessage(BOUND)).isInstanceOf(Busy.class);

      gone.stop();
      testKit.createTestProbe().expectTerminated(gone.getRef(), BOUND);
      execute(new LimitCommand.Release(lease(1), null));

      assertThat(again.receiveMessage(BOUND)).isInstanceOf(Granted.class);
    }
  }

  @Nested
  @DisplayName("when it writes")
  class Writing {

    @Test
    void answers_nobody_before_the_write_is_done() {
      create(1);
      var waiter = testKit.<LimitReply>createTestProbe();
      execute(ask(1, NOON));
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));
      view();
      var early = new ArrayList<Boolean>();
      onWrite.set(() -> early.add(heard(asker) || heard(waiter)));

      tell(LimitCommand.Release.any(lease(1)));

      assertThat(asker.receiveMessage(BOUND)).isInstanceOf(Done.class);
      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      assertThat(early).containsExactly(false);
    }

    @Test
    void tells_askers_that_it_is_not_sure_and_knows_nothing_of_what_was_not_written() {
      create(1);
      writesToFail.set(1);

      assertThat(execute(ask(1, NOON))).isEqualTo(new PerhapsDone());

      awaitOwnerIsBack();
      assertThat(holders()).isEmpty();
      assertThat(execute(ask(2, NOON))).isInstanceOf(Granted.class);
      assertThat(rows()).hasSize(2).last().isInstanceOf(LimitEvent.Granted.class);
    }

    @Test
    void keeps_the_lease_when_the_release_was_not_written() {
      create(1);
      execute(ask(1, NOON));
      writesToFail.set(1);

      assertThat(execute(LimitCommand.Release.any(lease(1)))).isEqualTo(new PerhapsDone());

      awaitOwnerIsBack();
      assertThat(holders()).containsExactly(lease(1));
    }

    @Test
    void takes_all_that_arrived_meanwhile_into_the_next_row() throws InterruptedException {
      create(100);
      var writing = new CountDownLatch(1);
      var goOn = new CountDownLatch(1);
      onWrite.set(
          () -> {
            writing.countDown();
            await(goOn);
          });
      tell(ask(0, NOON));
      assertThat(writing.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();

      for (int n = 1; n <= BATCH_MAX + 1; n++) {
        tell(ask(n, NOON));
      }
      goOn.countDown();

      var tokens = new ArrayList<Long>();
      for (int n = 0; n <= BATCH_MAX + 1; n++) {
        tokens.add(((Granted) asker.receiveMessage(BOUND)).token());
      }
      assertThat(tokens).isSorted().doesNotHaveDuplicates();
      var rows = rows();
      assertThat(rows).hasSize(4);
      assertThat(((LimitEvent.Batch) rows.get(2)).events()).hasSize(BATCH_MAX);
      assertThat(rows.get(3))
          .as("beyond the bound of a row")
          .isInstanceOf(LimitEvent.Granted.class);
    }

    @Test
    void writes_release_and_next_grant_as_one_row() {
      create(1);
      execute(ask(1, NOON));
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));
      view();

      execute(LimitCommand.Release.any(lease(1)));

      waiter.receiveMessage(BOUND);
      var last = (LimitEvent.Batch) rows().get(2);
      assertThat(last.events()).hasSize(2);
      assertThat(last.events().get(0)).isInstanceOf(LimitEvent.Released.class);
      assertThat(last.events().get(1)).isInstanceOf(LimitEvent.Granted.class);
    }

    @Test
    void knows_after_a_restart_for_how_long_a_lease_was_renewed() {
      create(1);
      execute(ask(1, NOON));
      execute(new LimitCommand.Renew(lease(1), MINUTE.multipliedBy(5)));
      execute(new LimitCommand.Renew(lease(1), MINUTE.multipliedBy(5)));
      assertThat(rows()).as("written once").hasSize(3);

      restart();
      pass(MINUTE.multipliedBy(4));

      assertThat(holders()).containsExactly(lease(1));
      // No further: the write must not be overtaken by its own time limit.
      pass(MINUTE);
      assertThat(holders()).isEmpty();
    }

    @Test
    void renews_only_with_a_write_while_another_owner_may_have_its_place() {
      create(1);
      execute(ask(1, NOON));
      sure.set(false);

      assertThat(execute(new LimitCommand.Renew(lease(1), MINUTE))).isInstanceOf(Done.class);
      assertThat(rows()).hasSize(3).last().isEqualTo(new LimitEvent.Batch(List.of()));
      writesToFail.set(1);
      assertThat(execute(new LimitCommand.Renew(lease(1), MINUTE))).isEqualTo(new PerhapsDone());
    }

    @Test
    void writes_nothing_for_renewals_refusals_and_reads() {
      create(1);
      execute(ask(1, NOON));

      execute(new LimitCommand.Renew(lease(1), MINUTE));
      assertThat(execute(ask(2, NOON))).isInstanceOf(Busy.class);
      assertThat(execute(ask(3, 2, NOON))).isInstanceOf(LimitReply.Refused.class);
      execute(new LimitCommand.Get());

      assertThat(rows()).hasSize(2);
    }
  }

  @Nested
  @DisplayName("when somebody waits")
  class Waiting {

    @Test
    void sends_parked_askers_to_its_next_incarnation_when_it_stops() {
      create(1);
      execute(ask(1, NOON));
      tell(parked(2));
      view();

      owner.tell(LimitActor.Stop.STOP);

      assertThat(asker.receiveMessage(BOUND)).isEqualTo(new AskAgain());
    }

    @Test
    void keeps_the_order_of_age_over_a_restart() {
      create(1);
      execute(ask(1, NOON));
      restart();
      tell(parked(3));
      tell(parked(2));
      assertThat(view().line())
          .extracting(LimitReply.Waiting::leaseId)
          .containsExactly(lease(2), lease(3));
    }

    @Test
    void hands_over_to_an_asker_at_its_own_node_without_asking_back() {
      create(1);
      execute(ask(1, NOON));
      var waiter = testKit.<LimitReply>createTestProbe();
      var ask = ask(2, NOON).with(LimitCommand.IfBusy.PARK, LimitCommand.Style.HAND_OVER);
      owner.tell(new LimitActor.Execute(ask, waiter.getRef()));
      view();

      execute(LimitCommand.Release.any(lease(1)));

      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      pass(Asks.BOUNDS.offerFor().multipliedBy(2));
      assertThat(holders()).containsExactly(lease(2));
    }

    @Test
    void answers_a_parked_asker_who_withdraws_and_forgets_it() {
      create(1);
      execute(ask(1, NOON));
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));
      view();

      execute(new LimitCommand.Withdraw(lease(2), null));

      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Busy.class);
      assertThat(view().line()).isEmpty();
    }

    @Test
    void answers_every_asker_of_the_same_lease_once() {
      create(1);
      execute(ask(1, NOON));
      var first = testKit.<LimitReply>createTestProbe();
      var second = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), first.getRef()));
      owner.tell(new LimitActor.Execute(parked(2), second.getRef()));

      assertThat(first.receiveMessage(BOUND)).isInstanceOf(Busy.class);
      execute(LimitCommand.Release.any(lease(1)));

      assertThat(second.receiveMessage(BOUND)).isInstanceOf(Granted.class);
      assertThat(heard(first)).isFalse();
    }

    @Test
    void answers_a_parked_asker_whose_request_no_longer_waits_there() {
      create(1);
      execute(ask(1, NOON));
      var waiter = testKit.<LimitReply>createTestProbe();
      owner.tell(new LimitActor.Execute(parked(2), waiter.getRef()));

      assertThat(execute(Asks.keepingPlace(ask(2, NOON.plusSeconds(2))))).isInstanceOf(Busy.class);

      assertThat(waiter.receiveMessage(BOUND)).isInstanceOf(Busy.class);
    }
  }

  @Nested
  @DisplayName("when nothing goes on")
  class Idling {

    @Test
    void leaves_memory() {
      create(1);
      pass(IDLE_FOR);
      assertThat(passivated.receiveMessage(BOUND)).isEqualTo(owner);
    }

    @Test
    void stays_while_a_lease_may_expire_or_somebody_waits() {
      create(1);
      execute(ask(1, NOON));
      tell(parked(2));
      view();
      for (int minute = 0; minute < 10; minute++) {
        pass(Duration.ofSeconds(30));
        execute(new LimitCommand.Renew(lease(1), MINUTE));
      }
      assertThat(heard(passivated)).isFalse();

      execute(new LimitCommand.Unbind(lease(1)));
      pass(IDLE_FOR);
      view();
      assertThat(heard(passivated)).as("somebody waits").isFalse();
    }
  }
}

package io.sluice.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.queue.Sighting.Whereabouts;
import io.sluice.queue.WorkQueueActor.LookAgain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The owner of a work queue")
class WorkQueueActorTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final LookAgain LOOK =
      new LookAgain(Duration.ofSeconds(30), Duration.ofMinutes(2));
  private static final UUID QUEUE = UUID.randomUUID();
  private static final UUID RUN = UUID.randomUUID();
  private static final QueueTerms TERMS =
      new QueueTerms(UUID.randomUUID(), "local/default", 1, 3, true);

  private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config());
  private final ManualTime time = ManualTime.get(testKit.system());
  private final TestProbe<WorkQueueReply> asker = testKit.createTestProbe();
  private final TestProbe<String> told = testKit.createTestProbe();
  private CompletableFuture<Void> changed = CompletableFuture.completedFuture(null);
  private boolean deaf;
  private ActorRef<WorkQueueActor.Message> owner;

  /** No run has a row. */
  private static final class NoRows extends QueueRows {
    private final CompletableFuture<?> read;

    NoRows(CompletableFuture<?> read) {
      super(null);
      this.read = read;
    }

    @Override
    CompletableFuture<Snapshot> load(UUID queue) {
      return read.thenApply(done -> new Snapshot(TERMS, QueuedRuns.NONE));
    }

    @Override
    CompletableFuture<List<Sighting>> look(UUID queue, Set<UUID> known) {
      return CompletableFuture.completedFuture(List.of());
    }
  }

  /** Limits that say what they were told, and fail if they are deaf. */
  private final class ToldSlots extends QueueSlots {
    ToldSlots() {
      super(null);
    }

    private CompletableFuture<Void> tell(String what) {
      told.getRef().tell(what);
      return deaf
          ? CompletableFuture.failedFuture(new IllegalStateException("deaf"))
          : CompletableFuture.completedFuture(null);
    }

    @Override
    CompletableFuture<Void> release(UUID queue, QueueTerms terms, UUID run) {
      return tell("release");
    }

    @Override
    CompletableFuture<Void> force(UUID queue, QueueTerms terms, UUID run, Instant now) {
      return tell("force");
    }

    @Override
    CompletableFuture<Void> change(
        UUID queue, QueueTerms terms, Collection<UUID> occupants, Instant now) {
      var heard = tell(occupants.isEmpty() ? "change" : "change with " + occupants.size());
      return heard.isCompletedExceptionally() ? heard : changed;
    }

    @Override
    CompletableFuture<Void> restore(
        UUID queue, QueueTerms terms, Collection<UUID> occupants, Instant now) {
      return tell("restore");
    }
  }

  @BeforeEach
  void start() {
    owner = spawn(CompletableFuture.completedFuture(null));
    told.expectMessage("restore");
  }

  private ActorRef<WorkQueueActor.Message> spawn(CompletableFuture<?> read) {
    return testKit.spawn(
        WorkQueueActor.create(
            QUEUE,
            new NoRows(read),
            new ToldSlots(),
            InstantSource.fixed(NOON),
            pool -> {},
            passedOn -> {},
            LOOK,
            QueueMeter.NONE));
  }

  @AfterEach
  void stop() {
    testKit.shutdownTestKit();
  }

  private WorkQueueReply ask(WorkQueueCommand command) {
    owner.tell(new WorkQueueActor.Execute(command, asker.getRef()));
    return asker.receiveMessage();
  }

  private void moves(long version, Whereabouts where) {
    ask(new WorkQueueCommand.Moved(new Sighting(RUN, version, where, NOON, null, null, "any")));
  }

  private void looks() {
    // What the limits said of an earlier message has arrived once this is answered.
    ask(new WorkQueueCommand.GetOccupants());
    time.timePasses(LOOK.every());
    ask(new WorkQueueCommand.GetOccupants());
  }

  @Test
  void gives_a_slot_back_until_the_limit_has_heard_of_it() {
    moves(1, Whereabouts.OCCUPYING);
    told.expectMessage("force");
    deaf = true;
    moves(2, Whereabouts.ELSEWHERE);
    told.expectMessage("release");

    looks();
    told.expectMessage("release");
    deaf = false;
    looks();
    told.expectMessage("release");

    looks();
    told.expectNoMessage(Duration.ZERO);
  }

  @Test
  void tells_the_limits_what_holds_by_then() {
    deaf = true;
    moves(1, Whereabouts.OCCUPYING);
    told.expectMessage("force");
    moves(2, Whereabouts.ELSEWHERE);
    told.expectMessage("release");
    deaf = false;

    looks();

    told.expectMessage("release");
    told.expectNoMessage(Duration.ZERO);
  }

  @Test
  void leaves_a_run_alone_that_was_admitted_again() {
    deaf = true;
    moves(1, Whereabouts.OCCUPYING);
    told.expectMessage("force");
    moves(2, Whereabouts.WAITING);
    told.expectMessage("release");
    ask(new WorkQueueCommand.Admit(RUN, 3, null));

    looks();

    told.expectNoMessage(Duration.ZERO);
  }

  /** The limit gives slots to whom it is told of, also if one gave its slot back meanwhile. */
  @Test
  void gives_a_slot_back_that_was_given_to_a_run_which_had_left() {
    moves(1, Whereabouts.OCCUPYING);
    told.expectMessage("force");
    changed = new CompletableFuture<>();
    owner.tell(new WorkQueueActor.Execute(new WorkQueueCommand.Configure(TERMS), asker.getRef()));
    told.expectMessage("change with 1");
    moves(2, Whereabouts.ELSEWHERE);
    told.expectMessage("release");

    changed.complete(null);

    told.expectMessage("release");
  }

  @Test
  void gives_nobody_a_slot_who_is_asking_for_one() {
    ask(new WorkQueueCommand.Admit(RUN, 1, null));

    ask(new WorkQueueCommand.Configure(TERMS));

    told.expectMessage("change");
    assertThat(ask(new WorkQueueCommand.GetOccupants()))
        .isEqualTo(new WorkQueueReply.Occupants(Set.of(RUN), Set.of(), 0));
  }

  @Test
  void gives_a_slot_to_who_asked_a_limit_before_it_changed() {
    ask(new WorkQueueCommand.Admit(RUN, 1, null));
    ask(new WorkQueueCommand.Configure(TERMS));
    told.expectMessage("change");

    moves(2, Whereabouts.OCCUPYING);

    told.expectMessage("force");
    ask(new WorkQueueCommand.Configure(TERMS));
    told.expectMessage("change with 1");
  }

  @Test
  void leaves_the_slot_alone_of_who_asked_the_limit_as_it_is() {
    ask(new WorkQueueCommand.Admit(RUN, 1, null));

    moves(2, Whereabouts.OCCUPYING);

    told.expectNoMessage(Duration.ZERO);
  }

  @Test
  void lets_no_more_wait_for_its_start_than_it_may() {
    var read = new CompletableFuture<Void>();
    owner = spawn(read);
    for (int n = 0; n < WorkQueueActor.WAITING_MAX; n++) {
      owner.tell(new WorkQueueActor.Execute(new WorkQueueCommand.GetOccupants(), asker.getRef()));
    }
    assertThat(ask(new WorkQueueCommand.GetOccupants()))
        .isEqualTo(new WorkQueueReply.Unavailable("10000 requests wait for its start already"));

    read.complete(null);

    for (int n = 0; n < WorkQueueActor.WAITING_MAX; n++) {
      asker.expectMessageClass(WorkQueueReply.Occupants.class);
    }
  }

  @Test
  void says_that_a_limit_did_not_take_its_new_size() {
    deaf = true;
    assertThat(ask(new WorkQueueCommand.Configure(TERMS)))
        .isEqualTo(new WorkQueueReply.Unavailable("deaf"));
    deaf = false;
    assertThat(ask(new WorkQueueCommand.Configure(TERMS))).isEqualTo(new WorkQueueReply.Done());
  }
}

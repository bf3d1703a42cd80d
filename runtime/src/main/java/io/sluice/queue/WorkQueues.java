package io.sluice.queue;

import io.sluice.cluster.Ask;
import io.sluice.cluster.Once;
import io.sluice.limit.Limits;
import io.sluice.run.Place;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The owners of work queues, wherever they are. */
public final class WorkQueues {
  private static final EntityTypeKey<WorkQueueActor.Message> TYPE =
      EntityTypeKey.create(WorkQueueActor.Message.class, "work-queue");

  private final ClusterSharding sharding;
  private final Duration answerWithin;
  private final QueueSlots slots;
  private final QueueRows rows;
  private final Ask ask;

  /**
   * @param tellPool called with a pool's id when a run became due and the pool asked to be told
   * @param meters a meter for each owner of a queue that comes into memory on this node
   */
  public WorkQueues(
      ActorSystem<?> system,
      Store store,
      Limits limits,
      InstantSource clock,
      Consumer<UUID> tellPool,
      Supplier<QueueMeter> meters) {
    this.ask = Ask.of(system);
    this.sharding = ClusterSharding.get(system);
    this.answerWithin = system.settings().config().getDuration("sluice.answer-within");
    this.slots = new QueueSlots(limits);
    this.rows = new QueueRows(store);
    var config = system.settings().config().getConfig("sluice.queue");
    var lookAgain =
        new WorkQueueActor.LookAgain(
            config.getDuration("look-again-every"), config.getDuration("admitted-for"));
    sharding.init(
        Entity.of(
                TYPE,
                entity ->
                    Once.each(
                        WorkQueueActor.Message.class,
                        WorkQueueActor.create(
                            UUID.fromString(entity.getEntityId()),
                            rows,
                            slots,
                            clock,
                            tellPool,
                            ask -> sharding.entityRefFor(TYPE, entity.getEntityId()).tell(ask),
                            lookAgain,
                            meters.get())))
            .withStopMessage(WorkQueueActor.Stop.STOP));
  }

  public QueueSlots slots() {
    return slots;
  }

  private CompletableFuture<WorkQueueReply> ask(UUID queue, WorkQueueCommand command) {
    var owner = sharding.entityRefFor(TYPE, queue.toString());
    return ask.<WorkQueueActor.Message, WorkQueueReply>ask(
            owner, replyTo -> new WorkQueueActor.Execute(command, replyTo), answerWithin)
        .thenApply(
            reply -> {
              if (reply instanceof WorkQueueReply.Unavailable unavailable) {
                throw new StoreUnavailable(unavailable.why(), null);
              }
              return reply;
            });
  }

  /** Those of {@code queues} that are there, as they and their pools are called now. */
  public CompletableFuture<Map<UUID, Place>> places(Collection<UUID> queues) {
    return rows.places(queues);
  }

  /** Lets a run become PENDING; empty if there is no such queue any more. */
  public CompletableFuture<Optional<WorkQueueReply.Admitted>> admit(
      UUID queue, UUID run, long version, UUID deployment) {
    return ask(queue, new WorkQueueCommand.Admit(run, version, deployment))
        .thenApply(
            reply ->
                reply instanceof WorkQueueReply.Admitted admitted
                    ? Optional.of(admitted)
                    : Optional.empty());
  }

  public CompletableFuture<Void> moved(UUID queue, Sighting seen) {
    return ask(queue, new WorkQueueCommand.Moved(seen)).thenApply(done -> null);
  }

  /**
   * Tells the queue of {@code place} where a run is. If there is no such queue any more the run
   * takes no slot of the pool either: what it was granted while the queue was deleted is given
   * back, which nobody else would do.
   */
  public CompletableFuture<Void> moved(Place place, Sighting seen) {
    return ask(place.queueId(), new WorkQueueCommand.Moved(seen))
        .thenCompose(
            reply ->
                reply instanceof WorkQueueReply.NoSuchQueue
                    ? slots.free(place.poolId(), List.of(seen.runId()))
                    : CompletableFuture.completedFuture(null));
  }

  /** What is due in {@code queue}; empty if there is no such queue. */
  public CompletableFuture<Optional<WorkQueueReply.Due>> peek(
      UUID queue, WorkQueueCommand.Peek peek) {
    return ask(queue, peek)
        .thenApply(
            reply -> reply instanceof WorkQueueReply.Due due ? Optional.of(due) : Optional.empty());
  }

  /** Notes that {@code runs} were handed to {@code worker}. */
  public CompletableFuture<Void> offered(UUID queue, List<UUID> runs, String worker, Instant now) {
    var until = now.plus(WorkQueueActor.HANDED_FOR);
    return ask(queue, new WorkQueueCommand.Offered(runs, worker, until)).thenApply(d -> null);
  }

  public CompletableFuture<Void> configure(UUID queue, QueueTerms terms) {
    return ask(queue, new WorkQueueCommand.Configure(terms)).thenApply(done -> null);
  }

  /**
   * The queue is deleted: its slots are gone. An owner that comes into memory only now does not
   * find it any more, and knows of no limit of it.
   */
  public CompletableFuture<Void> retire(UUID queue) {
    return ask(queue, new WorkQueueCommand.Retire())
        .thenCompose(
            reply ->
                reply instanceof WorkQueueReply.NoSuchQueue
                    ? slots.drop(queue)
                    : CompletableFuture.completedFuture(null));
  }

  public CompletableFuture<WorkQueueReply.Occupants> occupants(UUID queue) {
    return ask(queue, new WorkQueueCommand.GetOccupants())
        .thenApply(
            reply ->
                reply instanceof WorkQueueReply.Occupants occupants
                    ? occupants
                    : new WorkQueueReply.Occupants(Set.of(), Set.of(), 0));
  }
}

package io.sluice.pool;

import static io.sluice.cluster.Spans.longer;

import io.sluice.cluster.Why;
import io.sluice.owner.RowOwner;
import io.sluice.queue.WorkQueueTable;
import io.sluice.queue.WorkQueues;
import io.sluice.store.Store;
import io.sluice.worker.WorkerTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The owner of one work pool with its queues' settings and its workers; parks workers that wait for
 * a run to become due.
 */
final class WorkPoolActor extends RowOwner<WorkPoolCommand, WorkPoolReply, PoolState> {

  record Execute(WorkPoolCommand command, UUID request, ActorRef<WorkPoolReply> replyTo)
      implements RowOwner.Ask<WorkPoolCommand, WorkPoolReply> {
    Execute(WorkPoolCommand command, ActorRef<WorkPoolReply> replyTo) {
      this(command, UUID.randomUUID(), replyTo);
    }
  }

  /** What all owners of pools on a node share. */
  record Shared(
      Store store,
      WorkPoolTable pools,
      WorkQueueTable queues,
      WorkerTable workers,
      WorkQueues owners,
      PoolNews news,
      PoolWatch watch,
      InstantSource clock,
      int parkedMax) {}

  private final UUID id;
  private final Shared shared;
  private final Map<ActorRef<WorkPoolReply>, Cancellable> parked = new LinkedHashMap<>();
  private boolean behind;

  private WorkPoolActor(UUID id, Shared shared, Settings settings, ActorContext<Message> context) {
    super(settings, context);
    this.id = id;
    this.shared = shared;
  }

  static Behavior<Message> create(UUID id, Shared shared, Settings settings) {
    return Behaviors.setup(context -> new WorkPoolActor(id, shared, settings, context));
  }

  @Override
  protected CompletableFuture<PoolState> read() {
    return PoolRows.load(shared, id)
        .thenApply(
            state -> {
              if (state != null && state.pool().concurrencyLimit() != null) {
                PoolSlots.restore(shared, state);
              }
              return state;
            });
  }

  @Override
  protected boolean answerAtOnce(WorkPoolCommand command, ActorRef<WorkPoolReply> replyTo) {
    if (command instanceof WorkPoolCommand.RunsDue) {
      wakeParked();
      replyTo.tell(new WorkPoolReply.Done());
      return true;
    } else if (command instanceof WorkPoolCommand.AwaitDue await) {
      park(replyTo, await.until());
      return true;
    } else if (command instanceof WorkPoolCommand.Get) {
      replyTo.tell(found());
      return true;
    }
    return false;
  }

  private WorkPoolReply found() {
    return state() == null ? new WorkPoolReply.NoSuchPool() : new WorkPoolReply.Found(state());
  }

  // ---- waiting workers ----

  private void park(ActorRef<WorkPoolReply> replyTo, Instant until) {
    if (parked.size() >= shared.parkedMax()) {
      replyTo.tell(new WorkPoolReply.Done());
      return;
    }
    var wait = longer(Duration.between(shared.clock().instant(), until), Duration.ZERO);
    parked.put(replyTo, later(wait, () -> wake(replyTo)));
  }

  private void wake(ActorRef<WorkPoolReply> replyTo) {
    parked.remove(replyTo);
    replyTo.tell(new WorkPoolReply.Done());
  }

  private void wakeParked() {
    parked.forEach(
        (waiter, over) -> {
          over.cancel();
          waiter.tell(new WorkPoolReply.Done());
        });
    parked.clear();
  }

  // ---- changes ----

  @Override
  protected void perform(WorkPoolCommand command, ActorRef<WorkPoolReply> replyTo) {
    var now = shared.clock().instant();
    if (command instanceof WorkPoolCommand.Create create && state() == null) {
      write(command, PoolChange.create(id, create, now).said(now), replyTo);
    } else if (state() == null) {
      end(replyTo, found());
    } else {
      write(command, PoolChange.of(state(), command, now).said(now), replyTo);
    }
  }

  private void write(WorkPoolCommand command, PoolChange change, ActorRef<WorkPoolReply> replyTo) {
    var before = state();
    if (change.after() == before) {
      end(replyTo, change.reply());
      return;
    }
    write(
        PoolRows.changes(shared, before, change.after()),
        change.after(),
        () -> {
          if (change.concernsWorkers(before)) {
            shared.news().changed(id);
          }
          shared.watch().changed(command, before, change.after());
          follow(before, change, PoolChange.mayMakeDue(command), replyTo);
        },
        failure ->
            end(
                replyTo,
                Store.isDuplicate(failure)
                    ? new WorkPoolReply.NameTaken()
                    : unavailable(Why.of(failure))));
  }

  /** Answered once queues and limits know. If they do not hear of it, the next change tells all. */
  private void follow(
      PoolState before, PoolChange change, boolean mayMakeDue, ActorRef<WorkPoolReply> replyTo) {
    when(
        PoolSlots.follow(shared, before, change.after(), behind),
        known -> {
          behind = false;
          end(replyTo, change.reply());
          if (mayMakeDue) {
            wakeParked();
          }
        },
        failure -> {
          behind = true;
          end(replyTo, unavailable(Why.of(failure)));
        });
  }

  private void end(ActorRef<WorkPoolReply> replyTo, WorkPoolReply reply) {
    replyTo.tell(reply);
    done();
  }

  @Override
  protected WorkPoolReply unavailable(String why) {
    return new WorkPoolReply.Unavailable(why);
  }

  // ---- by itself ----

  @Override
  protected Instant now() {
    return shared.clock().instant();
  }

  @Override
  protected Instant wakesAt() {
    return state() == null || state().readiness() == null ? null : state().readiness().looksAt();
  }

  @Override
  protected RowOwner.Ask<WorkPoolCommand, WorkPoolReply> wake() {
    return new Execute(
        new WorkPoolCommand.Wake(), getContext().getSystem().<WorkPoolReply>ignoreRef());
  }

  @Override
  protected void leaving() {
    wakeParked();
  }
}

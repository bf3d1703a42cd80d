package io.sluice.run;

import io.sluice.cluster.Why;
import io.sluice.store.RowChange;
import io.sluice.store.Store;
import io.sluice.store.TimeOrderedId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * One change of one run on its way: decided, written, and only then everything that follows from
 * it. Runs inside the run's {@link FlowRunActor}, which goes on with it step by step.
 */
abstract class Step {
  private static final Duration QUEUE_ANSWERS_WITHIN = Duration.ofSeconds(5);

  protected final FlowRunActor owner;
  protected final ActorRef<RunReply> replyTo;
  protected final Surroundings others;
  protected final FlowRun before;
  private boolean answered;

  Step(FlowRunActor owner, ActorRef<RunReply> replyTo) {
    this.owner = owner;
    this.replyTo = replyTo;
    this.others = owner.shared().others();
    this.before = owner.run();
  }

  /** Whether it is about this proposal. */
  boolean isAbout(UUID proposal) {
    return false;
  }

  /** Ends the wait for a slot, if it waits for one; see {@link Submission#withdraw}. */
  void withdraw(Duration keepPlace) {}

  /** The owner stops: whoever waits is told, and what was acquired is left to its expiry. */
  final void abandon(RunReply reply) {
    withdraw(null);
    answer(reply);
  }

  protected final void answer(RunReply reply) {
    if (!answered) {
      answered = true;
      replyTo.tell(reply);
    }
  }

  protected static State stamped(FlowRun run, ProposedState proposed, Instant now) {
    var at = run.timeOfNextState(now);
    var details =
        proposed.with(
            d -> {
              d.flowRunId = run.id();
              if (run.spec().parentTaskRunId() != null) {
                d.taskRunId = run.spec().parentTaskRunId();
              }
            });
    return details.entered(TimeOrderedId.at(at), at);
  }

  // ---- writing ----

  protected final Instant now() {
    return owner.shared().clock().instant();
  }

  protected final void write(List<RowChange> changes, FlowRun after, Runnable then) {
    write(changes, after, then, () -> {});
  }

  protected final void write(List<RowChange> changes, FlowRun after, Runnable then, Runnable undo) {
    owner.store(
        changes,
        after,
        then,
        failure -> {
          undo.run();
          failed(failure);
        });
  }

  private void failed(Throwable failure) {
    answer(Store.isDuplicate(failure) ? new RunReply.Exists() : owner.unavailable(Why.of(failure)));
    owner.finished();
  }

  /** Answers once the queue knows, so that the next poll sees what was answered. */
  protected final void answerWhen(CompletableFuture<Void> known, RunReply reply) {
    owner.await(
        known.orTimeout(QUEUE_ANSWERS_WITHIN.toMillis(), TimeUnit.MILLISECONDS),
        done -> end(reply),
        late -> end(reply));
  }

  protected static CompletableFuture<Void> both(
      CompletableFuture<Void> one, CompletableFuture<Void> other) {
    return CompletableFuture.allOf(one, other);
  }

  protected final void end(RunReply reply) {
    answer(reply);
    owner.finished();
  }

  protected final <T> void when(CompletableFuture<T> step, Consumer<T> then, Runnable undo) {
    owner.await(
        step,
        then,
        failure -> {
          undo.run();
          failed(failure);
        });
  }
}

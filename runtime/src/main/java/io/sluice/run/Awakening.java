package io.sluice.run;

import io.sluice.run.Surroundings.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** A run that does what is due by itself; inside the run's {@link FlowRunActor}. */
final class Awakening {
  private final FlowRunActor owner;
  private final ActorRef<RunReply> replyTo;
  private final Surroundings others;
  private final FlowRun run;
  private final Instant now;
  private final Instant due;

  Awakening(FlowRunActor owner, ActorRef<RunReply> replyTo, Instant heardAt) {
    this.owner = owner;
    this.replyTo = replyTo;
    this.others = owner.shared().others();
    this.run = owner.run();
    this.now = owner.now();
    this.due = WakeCall.at(run, owner.shared().bounds(), heardAt);
  }

  void act() {
    if (due == null || due.isAfter(now)) {
      owner.nothingDone(replyTo);
      return;
    }
    var call = WakeCall.of(run, owner.shared().bounds());
    switch (call) {
      case LATE -> late();
      case CANCEL_BELOW -> cancelBelow();
      case PUT_BACK -> when(terms(), this::putBack);
      case CRASHED -> when(isHeld(), this::crash);
      case PAUSE_EXPIRED, CANCELLING_TIMED_OUT -> enter(call);
    }
  }

  private void enter(WakeCall call) {
    enter(call.ruling(run, owner.shared().bounds(), now));
  }

  private void enter(Ruling ruling) {
    owner
        .begin(replyTo, Proposal.forced(UUID.randomUUID(), ProposedState.of(run.stateType())))
        .enterByItself(ruling);
  }

  private <T> void when(CompletableFuture<T> step, java.util.function.Consumer<T> then) {
    owner.await(step, then, failed -> owner.nothingDone(replyTo));
  }

  private CompletableFuture<Terms> terms() {
    var deployment = run.spec().deploymentId();
    return deployment == null
        ? CompletableFuture.completedFuture(Terms.UNLIMITED)
        : others.terms(deployment).thenApply(found -> found.orElse(Terms.UNLIMITED));
  }

  /** Prefect 3.8.8, EnforceDeploymentConcurrencyOnLate: a run that would not wait is cancelled. */
  private void late() {
    var wouldFail =
        terms()
            .thenCompose(
                terms ->
                    terms.limitId() != null && terms.cancelNew()
                        ? others.isFull(terms.limitId())
                        : CompletableFuture.completedFuture(false));
    when(
        wouldFail,
        cancel -> {
          if (cancel) {
            enter(WakeCall.cancelledInsteadOfLate(run, now));
          } else {
            enter(WakeCall.LATE);
          }
        });
  }

  private void cancelBelow() {
    var done =
        WakeCall.isForgotten(run, now)
            ? CompletableFuture.<Void>completedFuture(null)
            : others.cancelBelow(run);
    when(
        done,
        cancelled ->
            owner.store(
                List.of(FlowRunTable.asleep(run)),
                run,
                () -> {
                  owner.nothingBefore(Instant.MAX);
                  owner.nothingDone(replyTo);
                },
                failed -> owner.nothingDone(replyTo)));
  }

  /** Not before the deployment gives up the slot. */
  private void putBack(Terms terms) {
    var from = run.state().timestamp().plus(terms.grace());
    if (from.isAfter(now)) {
      owner.nothingBefore(from);
      owner.nothingDone(replyTo);
    } else {
      enter(WakeCall.PUT_BACK);
    }
  }

  private CompletableFuture<Boolean> isHeld() {
    var lease = run.leaseId();
    return lease == null ? CompletableFuture.completedFuture(false) : others.isHeld(lease);
  }

  private void crash(boolean held) {
    if (held) {
      owner.nothingBefore(now.plus(silentFor()));
      owner.nothingDone(replyTo);
    } else {
      enter(WakeCall.CRASHED);
    }
  }

  private Duration silentFor() {
    return owner.shared().bounds().silentFor().orElseThrow();
  }
}

package io.sluice.run;

import io.sluice.cluster.Why;
import io.sluice.limit.Acquisition;
import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.Outcome;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.Parking;
import io.sluice.limit.SlotRequest;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.Surroundings.Admission;
import io.sluice.run.Surroundings.Terms;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A run's way to the slots it needs to become PENDING: of its deployment, its work queue and its
 * work pool, all or none. If there is no room and a worker has the run, it may wait with the
 * worker.
 */
final class Submission {

  /** How it ended. */
  sealed interface Result {
    /** The slots are held; {@code leaseId} is the deployment's, null if it has no limit. */
    record Held(UUID leaseId) implements Result {}

    /** The run must not be submitted at all. */
    record Impossible(String reason) implements Result {}

    /**
     * No room.
     *
     * @param inDeployment whether the deployment's own limit is full, rather than queue or pool
     * @param waits whether it may go on waiting with its worker
     */
    record Full(boolean inDeployment, boolean cancelNew, boolean waits, Busy busy)
        implements Result {}
  }

  private final Surroundings others;
  private final SlotSettings settings;
  private final FlowRun run;
  private final Instant now;
  private final boolean offered;
  private final boolean keepsPlace;
  private final boolean hold;
  private final UUID leaseRandom;
  private final CompletableFuture<Result> result = new CompletableFuture<>();
  private final Parking parking = new Parking();
  private Terms terms = Terms.UNLIMITED;

  /**
   * @param offered whether a worker has the run, so that it will come back
   * @param keepsPlace whether the line is to know the run again when it comes back
   * @param hold whether it may wait within this submission
   * @param leaseRandom the same at each attempt, so that the line knows the run again
   */
  Submission(
      Surroundings others,
      SlotSettings settings,
      FlowRun run,
      Instant now,
      boolean offered,
      boolean keepsPlace,
      boolean hold,
      UUID leaseRandom) {
    this.others = others;
    this.settings = settings;
    this.run = run;
    this.now = now;
    this.offered = offered;
    this.keepsPlace = keepsPlace;
    this.hold = hold;
    this.leaseRandom = leaseRandom;
  }

  CompletableFuture<Result> result() {
    return result;
  }

  /** Ends the wait, if it waits: the result is then {@link Result.Full}. */
  void withdraw(Duration keepPlace) {
    parking.end(keepPlace);
  }

  Submission start() {
    var deployment = run.spec().deploymentId();
    var terms =
        deployment == null
            ? CompletableFuture.completedFuture(Optional.of(Terms.UNLIMITED))
            : others.terms(deployment);
    var admission =
        run.spec().place() == null
            ? CompletableFuture.completedFuture(new Admission(List.of(), 0))
            : others.admit(run);
    terms
        .thenCombine(admission, this::proceed)
        .exceptionally(
            failure -> {
              result.completeExceptionally(failure);
              return null;
            });
    return this;
  }

  private Void proceed(Optional<Terms> found, Admission admission) {
    if (found.isEmpty()) {
      result.complete(new Result.Impossible("Deployment not found."));
      return null;
    }
    terms = found.get();
    var claims = claims(admission);
    var request =
        new SlotRequest(1, false, Holder.flowRun(run.id()), since(), admission.priority());
    follow(others.acquire(claims, request, keepsPlace ? IfBusy.KEEP_PLACE : IfBusy.FORGET))
        .thenAccept(
            first -> {
              if (first instanceof Result.Full full && full.waits() && hold) {
                park(claims, request);
              } else {
                result.complete(first);
              }
            })
        .exceptionally(
            failure -> {
              result.completeExceptionally(failure);
              return null;
            });
    return null;
  }

  private Instant since() {
    var waiting = run.progress().waitingSince();
    return waiting != null && waiting.isBefore(now) ? waiting : now;
  }

  private List<Claim> claims(Admission admission) {
    var claims = new ArrayList<Claim>();
    for (var limit : admission.limits()) {
      claims.add(Claim.untilReleased(limit, OwnerKey.leaseOf(limit, run.id())));
    }
    if (terms.limitId() != null) {
      claims.add(
          Claim.leased(
              terms.limitId(), OwnerKey.leaseOf(terms.limitId(), leaseRandom), terms.grace()));
    }
    return claims;
  }

  private void park(List<Claim> claims, SlotRequest request) {
    var waiting = others.acquire(claims, request, IfBusy.PARK);
    parking.begin(waiting);
    follow(waiting)
        .whenComplete(
            (end, failure) -> {
              if (failure == null) {
                result.complete(end);
              } else {
                result.completeExceptionally(failure);
              }
            });
  }

  private CompletableFuture<Result> follow(Acquisition acquisition) {
    return acquisition
        .outcome()
        .thenApply(this::result)
        .exceptionally(
            failure -> {
              if (Why.cause(failure) instanceof Refused refused
                  && refused.why() instanceof Rejection.MoreThanLimit none) {
                return impossible(none);
              }
              throw new CompletionException(Why.cause(failure));
            });
  }

  private Result impossible(Rejection.MoreThanLimit none) {
    boolean own = LimitKind.DEPLOYMENT.names(none.limit());
    return own
        ? new Result.Impossible(
            "The deployment concurrency limit is 0. The flow will deadlock if submitted again.")
        : new Result.Impossible(none.message());
  }

  private Result result(Outcome outcome) {
    if (outcome instanceof Outcome.Acquired acquired) {
      if (terms.limitId() == null) {
        return new Result.Held(null);
      }
      var lease = acquired.leaseOf(terms.limitId());
      return lease.isPresent() ? new Result.Held(lease.get()) : disabled(acquired);
    }
    var waits = (Outcome.Waits) outcome;
    boolean own = waits.claim().limit().equals(terms.limitId());
    boolean soon =
        waits.busy().position() <= settings.lookAhead()
            || waits.busy().estimate().compareTo(settings.patience()) <= 0;
    boolean cancels = own && terms.cancelNew();
    return new Result.Full(own, cancels, offered && soon && !cancels, waits.busy());
  }

  /**
   * A deployment's limit that is disabled lets nobody pass, as in Prefect 3.8.8; what was taken of
   * others is given back. One that is gone holds nobody back.
   */
  private Result disabled(Outcome.Acquired acquired) {
    var limit = acquired.limits().stream().filter(l -> l.id().equals(terms.limitId())).findFirst();
    if (limit.isEmpty()) {
      return new Result.Held(null);
    }
    for (var claim : acquired.held()) {
      others.release(claim.limit(), claim.leaseId());
    }
    var busy = new Busy(limit.get(), 0, 1, settings.awaitFor());
    return new Result.Full(true, terms.cancelNew(), false, busy);
  }
}

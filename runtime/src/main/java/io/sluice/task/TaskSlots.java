package io.sluice.task;

import io.sluice.cluster.Why;
import io.sluice.limit.Acquisition;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitKind;
import io.sluice.limit.Limits;
import io.sluice.limit.Outcome;
import io.sluice.limit.Parking;
import io.sluice.limit.SlotRequest;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.Ruling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A task run's way to a slot of each limit on its tags, for clients that let the server orchestrate
 * tasks (before Prefect 3.4; newer ones take leases themselves). The slots are held until the run
 * leaves RUNNING or its flow run ends, and no longer than a bound: such clients renew nothing, and
 * a flow run whose process is gone may never end.
 *
 * <p>One thread takes, and any may withdraw meanwhile.
 */
final class TaskSlots {
  private static final Duration KEEP_PLACE = Duration.ofSeconds(5);

  /** ACCEPT with the lease, which may be null, or why not. */
  record Taken(Ruling.Status status, UUID lease, String reason, int delaySeconds) {}

  private final Limits limits;
  private final TaskSlotBounds bounds;
  private final UUID run;
  private Parking parking = new Parking();
  private UUID place;
  private Instant since;
  private int attempt;

  TaskSlots(Limits limits, TaskSlotBounds bounds, UUID run) {
    this.limits = limits;
    this.bounds = bounds;
    this.run = run;
  }

  synchronized void withdraw(Duration keepPlace) {
    parking.end(keepPlace);
  }

  synchronized CompletableFuture<Taken> take(List<String> tags, boolean mayHold, Instant now) {
    parking = new Parking();
    since = since == null ? now : since;
    var names = tags.stream().map(LimitKind.TAG::nameOf).toList();
    return limits
        .acquire(
            names,
            SlotRequest.one(Holder.taskRun(run), since),
            bounds.heldMost(),
            false,
            place,
            mayHold ? IfBusy.PARK : IfBusy.KEEP_PLACE)
        .thenCompose(
            acquisition -> {
              hold(acquisition, mayHold);
              return acquisition.outcome();
            })
        .handle((outcome, failure) -> taken(outcome, failure, tags, mayHold));
  }

  private synchronized void hold(Acquisition acquisition, boolean mayHold) {
    if (mayHold) {
      parking.begin(acquisition);
      CompletableFuture.delayedExecutor(
              bounds.hold(attempt++).toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
          .execute(() -> acquisition.withdraw(KEEP_PLACE));
    }
  }

  private synchronized Taken taken(
      Outcome outcome, Throwable failure, List<String> tags, boolean held) {
    if (failure != null) {
      return refused(failure);
    }
    if (outcome instanceof Outcome.Acquired acquired) {
      since = null;
      place = null;
      attempt = 0;
      var lease = acquired.held().isEmpty() ? null : acquired.held().get(0).leaseId();
      return new Taken(Ruling.Status.ACCEPT, lease, null, 0);
    }
    var waits = (Outcome.Waits) outcome;
    place = waits.claim().leaseId();
    long seconds = Math.max(1, Math.min(10, waits.busy().estimate().getSeconds()));
    return new Taken(
        Ruling.Status.WAIT,
        null,
        "Concurrency limit reached for tags: " + String.join(", ", tags),
        held ? 0 : (int) seconds);
  }

  private static Taken refused(Throwable failure) {
    var cause = Why.cause(failure);
    if (cause instanceof Refused refused && refused.why() instanceof Rejection.MoreThanLimit none) {
      return new Taken(
          Ruling.Status.ABORT,
          null,
          "The concurrency limit on tag \"%s\" is %d and will deadlock if the task tries to run"
                  .formatted(LimitKind.TAG.whatOf(none.limit()), none.slots())
              + " again.",
          0);
    }
    throw new CompletionException(cause);
  }
}

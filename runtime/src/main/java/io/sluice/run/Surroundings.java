package io.sluice.run;

import io.sluice.limit.Acquisition;
import io.sluice.limit.Claim;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.SlotRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What a flow run asks of others. */
public interface Surroundings {

  /** What a deployment asks of its runs; empty if there is no such deployment. */
  CompletableFuture<Optional<Terms>> terms(UUID deploymentId);

  /**
   * A deployment's concurrency limit.
   *
   * @param limitId null if it has none
   * @param cancelNew whether a run that finds it full is cancelled instead of waiting
   * @param grace how long a slot is kept between PENDING and the first renewal
   */
  record Terms(UUID limitId, boolean cancelNew, Duration grace) {
    public static final Terms UNLIMITED = new Terms(null, false, Duration.ZERO);
  }

  /**
   * Asks the run's work queue to let it become PENDING. From then on it occupies the queue until
   * {@link #moved} says otherwise.
   *
   * @return the limits of queue and pool of which it has to take a slot
   */
  CompletableFuture<Admission> admit(FlowRun run);

  /**
   * Leave to become PENDING.
   *
   * @param limits of which the run has to take a slot first
   * @param priority of the queue, lower first
   */
  record Admission(List<UUID> limits, int priority) {}

  /** Tells the run's work queue where the run is now; done when the queue knows. */
  CompletableFuture<Void> moved(FlowRun run);

  /** The run is gone: its work queue, task runs and logs follow. */
  CompletableFuture<Void> removed(FlowRun run);

  /** Whether a limit has no slot left; false if there is no such limit. */
  CompletableFuture<Boolean> isFull(UUID limitId);

  /** Whether a lease is still there: somebody renews it, also when its limit is gone. */
  CompletableFuture<Boolean> isHeld(UUID leaseId);

  /** Cancels the unfinished task runs and flow runs that {@code parent} started. */
  CompletableFuture<Void> cancelBelow(FlowRun parent);

  Acquisition acquire(List<Claim> claims, SlotRequest request, IfBusy ifBusy);

  CompletableFuture<Void> release(UUID leaseId);

  CompletableFuture<Void> release(UUID limitId, UUID leaseId);

  /** Fails with a {@link io.sluice.rejection.Refused} if the lease is gone. */
  CompletableFuture<Void> renew(UUID leaseId, Duration duration);

  CompletableFuture<Void> unbind(UUID leaseId);

  /**
   * Tells the world that {@code after} entered its state; {@code before} may be null. Done when the
   * task run that stands for it in its parent has followed.
   */
  CompletableFuture<Void> entered(State before, FlowRun after);
}

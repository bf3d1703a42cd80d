package io.sluice.run;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A flow run as its owner knows it.
 *
 * @param version rises with every write and fences an owner that is none any more
 * @param state null only before the first one
 */
public record FlowRun(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    RunSpec spec,
    FlowRunPolicy policy,
    Progress progress,
    State state) {

  /** A run without a state yet. */
  public static FlowRun created(UUID id, RunSpec spec, FlowRunPolicy policy, Instant now) {
    return new FlowRun(id, 0, now, now, spec, policy, Progress.NONE, null);
  }

  public StateType stateType() {
    return state == null ? null : state.type();
  }

  // ---- queries ----

  /** The lease of the deployment's slot that the present state holds, or null. */
  public UUID leaseId() {
    return state == null ? null : state.details().deploymentConcurrencyLeaseId();
  }

  /** Whether a worker may be given this run, at its time. */
  public boolean isWaitingForWorker() {
    return stateType() == StateType.SCHEDULED && policy.retryType() != RetryType.IN_PROCESS;
  }

  /** Whether a worker may be given it and its state does not say that it waits for a slot. */
  boolean isDueWithoutWaiting() {
    return isWaitingForWorker() && !state.name().equals(StateNames.AWAITING_CONCURRENCY_SLOT);
  }

  /** Whether it takes a slot of its work queue and pool. */
  public boolean occupiesQueue() {
    return occupies(stateType(), policy);
  }

  /**
   * Whether the run has not begun and is not wanted any more (Prefect 3.8.8, models/deployments.py
   * _delete_scheduled_runs). A run that waits for a slot keeps its place, unless its deployment is
   * gone.
   */
  boolean isObsolete(RunCommand.Obsolete why, Instant now) {
    if (stateType() != StateType.SCHEDULED || progress.runCount() > 0) {
      return false;
    }
    boolean waits = state.name().equals(StateNames.AWAITING_CONCURRENCY_SLOT);
    boolean lies = progress.nextScheduledStart().isAfter(now);
    return switch (why) {
      case DEPLOYMENT_DELETED -> true;
      case DEPLOYMENT_PAUSED -> spec.autoScheduled() && !waits;
      case DEPLOYMENT_CHANGED -> spec.autoScheduled() && !waits && lies;
    };
  }

  /** {@code now}, unless the present state is no older: a run's states have rising times. */
  Instant timeOfNextState(Instant now) {
    return state == null || now.isAfter(state.timestamp())
        ? now
        : state.timestamp().plus(1, ChronoUnit.MICROS);
  }

  private static boolean occupies(StateType type, FlowRunPolicy policy) {
    return type == StateType.PENDING
        || type == StateType.RUNNING
        || type == StateType.SCHEDULED && policy.retryType() == RetryType.IN_PROCESS;
  }

  // ---- changes ----

  /**
   * The run after it entered {@code to}.
   *
   * @param changed the policy as the rules left it
   * @param after what the rules do to the policy once the state is entered
   */
  FlowRun entering(State to, FlowRunPolicy changed, UnaryOperator<FlowRunPolicy> after) {
    boolean ends = to.type() == StateType.RUNNING || to.type().isTerminal();
    return new FlowRun(
        id,
        version + 1,
        created,
        to.timestamp(),
        spec,
        after.apply(ends ? changed.resuming(false) : changed),
        progress.entering(state, to, !changed.resuming()),
        to);
  }

  FlowRun with(RunSpec changed, FlowRunPolicy changedPolicy, Instant now) {
    return new FlowRun(id, version + 1, created, now, changed, changedPolicy, progress, state);
  }
}

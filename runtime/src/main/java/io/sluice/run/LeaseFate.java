package io.sluice.run;

import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;

import java.util.EnumSet;
import java.util.Set;

/**
 * What becomes of the slot of its deployment when a run goes from one state to another (Prefect
 * 3.8.8, server/orchestration/core_policy.py ReleaseFlowConcurrencySlots and
 * RemoveDeploymentConcurrencyLeaseForOldClientVersions).
 */
enum LeaseFate {
  /** Stays with the run, if it has one. */
  KEPT,
  /** Is free at once. */
  RELEASED,
  /** Stays with the run, without an end: its client does not renew leases. */
  UNBOUND;

  /** The states in which a run holds its slot. */
  static final Set<StateType> HOLDING = EnumSet.of(PENDING, RUNNING, CANCELLING);

  /**
   * The fate of the lease of {@code before}, which may be null.
   *
   * @param status of the ruling by which {@code after} was entered
   * @param renewed whether the proposer renews leases
   */
  static LeaseFate of(State before, State after, Ruling.Status status, boolean renewed) {
    boolean holds =
        before != null
            && before.details().deploymentConcurrencyLeaseId() != null
            && HOLDING.contains(before.type());
    if (!holds) {
      return KEPT;
    }
    if (!HOLDING.contains(after.type())) {
      return retriesInProcess(after, status) ? KEPT : RELEASED;
    }
    return !renewed && before.type() == PENDING && after.type() != PENDING ? UNBOUND : KEPT;
  }

  /** The same process runs it again and goes on renewing. */
  private static boolean retriesInProcess(State after, Ruling.Status status) {
    return status == Ruling.Status.REJECT && after.name().equals(StateNames.AWAITING_RETRY);
  }
}

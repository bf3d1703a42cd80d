package io.sluice.run;

import static io.sluice.run.FlowRunRule.ANY;
import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.CRASHED;
import static io.sluice.run.StateType.FAILED;
import static io.sluice.run.StateType.PAUSED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static io.sluice.run.StateType.TERMINAL;

import io.sluice.store.Seconds;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The rules by which a flow run goes from state to state, in the order in which they are asked
 * (Prefect 3.8.8, server/orchestration/core_policy.py). The first that objects decides. Whether a
 * slot is free is not asked here but by the run's owner, after all rules agreed.
 */
public final class FlowRunRules {
  private static final Set<StateType> NOT_AFTER_THE_END = EnumSet.of(CANCELLING, PAUSED, CRASHED);

  private static final FlowRunRule KEEP_LEASE =
      FlowRunRule.of("PreserveDeploymentConcurrencyLeaseId", ANY, ANY, FlowRunRules::keepLease);
  private static final FlowRunRule CANCEL_WITHOUT_INFRASTRUCTURE =
      FlowRunRule.of(
          "BypassCancellingFlowRunsWithNoInfra",
          EnumSet.of(SCHEDULED, PAUSED),
          EnumSet.of(CANCELLING),
          FlowRunRules::cancelWithoutInfrastructure);
  private static final FlowRunRule ONLY_SCHEDULED_BECOME_LATE =
      FlowRunRule.of(
          "EnsureOnlyScheduledFlowsMarkedLate",
          ANY,
          EnumSet.of(SCHEDULED),
          FlowRunRules::onlyScheduledBecomeLate);

  /** For proposals as usual. */
  public static final List<FlowRunRule> NORMAL =
      List.of(
          KEEP_LEASE,
          FlowRunRule.of("PreventDuplicateTransitions", ANY, ANY, FlowRunRules::onlyOnce),
          FlowRunRule.of(
              "HandleFlowTerminalStateTransitions", TERMINAL, ANY, FlowRunRules::afterTheEnd),
          FlowRunRule.of(
              "EnforceCancellingToCancelledTransition",
              EnumSet.of(CANCELLING),
              EnumSet.complementOf(EnumSet.of(CANCELLED)),
              FlowRunRules::onlyCancelledAfterCancelling),
          CANCEL_WITHOUT_INFRASTRUCTURE,
          FlowRunRule.of(
              "PreventPendingTransitions",
              EnumSet.of(PENDING, CANCELLING, RUNNING, CANCELLED),
              EnumSet.of(PENDING),
              FlowRunRules::oneSubmission),
          ONLY_SCHEDULED_BECOME_LATE,
          new FlowRunRule("HandlePausingFlows", ANY, true, EnumSet.of(PAUSED), FlowRunRules::pause),
          FlowRunRule.of(
              "HandleResumingPausedFlows", EnumSet.of(PAUSED), ANY, FlowRunRules::resume),
          FlowRunRule.of(
              "CopyScheduledTime",
              EnumSet.of(SCHEDULED),
              EnumSet.of(PENDING),
              FlowRunRules::copyScheduledTime),
          FlowRunRule.of(
              "WaitForScheduledTime",
              EnumSet.of(SCHEDULED, PENDING),
              EnumSet.of(RUNNING),
              FlowRunRules::notTooEarly),
          FlowRunRule.of(
              "RetryFailedFlows", EnumSet.of(RUNNING), EnumSet.of(FAILED), FlowRunRules::retry));

  /** For forced proposals. */
  public static final List<FlowRunRule> FORCED =
      List.of(
          FlowRunRule.of("PreventResultDataLoss", TERMINAL, TERMINAL, FlowRunRules::keepResult),
          CANCEL_WITHOUT_INFRASTRUCTURE);

  /** For marking a run late. */
  public static final List<FlowRunRule> LATE = List.of(ONLY_SCHEDULED_BECOME_LATE);

  private FlowRunRules() {}

  /** What {@code rules} make of {@code proposed}. */
  public static Ruling judge(
      List<FlowRunRule> rules, FlowRun run, ProposedState proposed, Instant now) {
    var draft = Draft.of(run, proposed.scheduledBy(now), now);
    for (var rule : rules) {
      if (!draft.isSettled() && rule.matches(run.stateType(), proposed.type())) {
        draft = rule.judge().apply(draft);
      }
    }
    return draft.settle();
  }

  /**
   * What is to become of {@code proposal}. A worker's claim of a run that has ended is aborted:
   * workers are handed only SCHEDULED runs, so it was told to wait, or had no answer, while
   * somebody else ran it. Prefect 3.8.8 lets such a claim pass, unless the result was persisted,
   * and the run runs twice; but its workers are never told to wait with a claim.
   *
   * @param offered whether the run was handed to a worker lately
   */
  static Ruling judge(Proposal proposal, boolean offered, FlowRun run, Instant now) {
    boolean byWorker = offered || !proposal.proposer().isEmpty();
    if (byWorker && !proposal.force() && isLateClaim(run, proposal.state())) {
      return new Ruling.Stay(Ruling.Status.ABORT, noClaimFrom(run.stateType()), 0);
    }
    return judge(proposal.force() ? FORCED : NORMAL, run, proposal.state(), now);
  }

  private static boolean isLateClaim(FlowRun run, ProposedState proposed) {
    return run.state() != null
        && TERMINAL.contains(run.stateType())
        && proposed.type() == PENDING
        && proposed.name().equals(StateNames.PENDING);
  }

  private static String noClaimFrom(StateType type) {
    return "This run is in a %s state and cannot transition to a PENDING state.".formatted(type);
  }

  private static Draft keepLease(Draft draft) {
    var lease = draft.run().leaseId();
    return lease == null || draft.proposed().details().deploymentConcurrencyLeaseId() != null
        ? draft
        : draft.with(draft.proposed().with(d -> d.deploymentConcurrencyLeaseId = lease));
  }

  private static Draft onlyOnce(Draft draft) {
    var transition = draft.current().details().transitionId();
    return transition != null && transition.equals(draft.proposed().details().transitionId())
        ? draft.reject("This run has already made this state transition.")
        : draft;
  }

  private static Draft afterTheEnd(Draft draft) {
    var to = draft.proposed().type();
    if (NOT_AFTER_THE_END.contains(to)) {
      return draft.abort("Run is already in terminal state %s.".formatted(draft.current().type()));
    }
    if (draft.current().type() == COMPLETED
        && draft.current().hasPersistedResult()
        && !to.isTerminal()) {
      return draft.reject("Run is already COMPLETED.");
    }
    var kept = keepResult(draft);
    if (kept.isSettled()) {
      return kept;
    }
    if (to == SCHEDULED && draft.run().spec().deploymentId() == null) {
      return draft.abort("Cannot reschedule a run without an associated deployment.");
    }
    return to.isTerminal()
        ? draft
        : draft.with(
            draft.policy().withoutPauses().with(to == SCHEDULED ? RetryType.RESCHEDULE : null));
  }

  private static Draft keepResult(Draft draft) {
    boolean loses =
        draft.current().type() == COMPLETED
            && draft.current().hasPersistedResult()
            && draft.proposed().type() == COMPLETED
            && !ProposedState.isPersistedResult(draft.proposed().data());
    return loses
        ? draft.reject(
            "Cannot overwrite a COMPLETED state that carries persisted result data with one that"
                + " does not.")
        : draft;
  }

  private static Draft onlyCancelledAfterCancelling(Draft draft) {
    return draft.reject(
        "Cannot transition flows that are cancelling to a state other than Cancelled.");
  }

  private static Draft cancelWithoutInfrastructure(Draft draft) {
    var current = draft.current();
    var pid = draft.run().spec().infrastructurePid();
    boolean neverStarted = current.type() == SCHEDULED && (pid == null || pid.isEmpty());
    if (neverStarted || current.name().equals(StateNames.RESUMING)) {
      return draft.rejectTo(
          ProposedState.cancelled(null), "Scheduled flow run has no infrastructure to terminate.");
    }
    return current.type() == PAUSED && current.details().pauseReschedule()
        ? draft.rejectTo(
            ProposedState.cancelled(null), "Suspended flow run has no infrastructure to terminate.")
        : draft;
  }

  /** The claim lock between workers: whoever comes second finds the run PENDING already. */
  private static Draft oneSubmission(Draft draft) {
    var current = draft.current();
    var proposed = draft.proposed();
    boolean progress =
        current.type() == PENDING
            && !current.name().equals(proposed.name())
            && !proposed.name().equals(StateNames.PENDING);
    return progress
        ? draft.with(
            proposed.with(
                d -> {
                  d.scheduledTime = current.details().scheduledTime();
                  d.deploymentConcurrencyLeaseId = draft.run().leaseId();
                }))
        : draft.abort(noClaimFrom(current.type()));
  }

  private static Draft onlyScheduledBecomeLate(Draft draft) {
    if (!draft.proposed().name().equals(StateNames.LATE)) {
      return draft;
    }
    if (draft.current().type() != SCHEDULED) {
      return draft.reject("Only scheduled flows can be marked late.");
    }
    return draft.current().name().equals(StateNames.LATE)
        ? draft.reject("This flow run is already marked late.")
        : draft;
  }

  private static Draft pause(Draft draft) {
    var verb = verb(draft.proposed());
    if (draft.current() == null) {
      return draft.abort("Cannot %s flows with no state.".formatted(verb));
    }
    if (draft.current().type() != RUNNING) {
      return draft.reject("Cannot %s flows that are not currently running.".formatted(verb));
    }
    var key = draft.proposed().details().pauseKey();
    if (key != null && draft.policy().pauseKeys().contains(key)) {
      return draft.reject("This %s has already fired.".formatted(verb));
    }
    if (draft.proposed().details().pauseReschedule()) {
      if (draft.run().spec().parentTaskRunId() != null) {
        return draft.abort("Cannot %s subflows.".formatted(verb));
      }
      if (draft.run().spec().deploymentId() == null) {
        return draft.abort("Cannot %s flows without a deployment.".formatted(verb));
      }
    }
    return key == null ? draft : draft.afterwards(policy -> policy.withPauseKey(key));
  }

  private static String verb(ProposedState proposed) {
    return proposed.name().equals(StateNames.SUSPENDED) ? "suspend" : "pause";
  }

  private static Draft resume(Draft draft) {
    var current = draft.current();
    var to = draft.proposed().type();
    var name = draft.proposed().name().toLowerCase(java.util.Locale.ROOT);
    if (to == PENDING || to == PAUSED) {
      return draft.reject(
          "This run cannot transition to the %s state from the %s state."
              .formatted(to, current.type()));
    }
    if (current.details().pauseReschedule() && draft.run().spec().deploymentId() == null) {
      return draft.reject("Cannot reschedule a %s flow run without a deployment.".formatted(name));
    }
    var timeout = current.details().pauseTimeout();
    if (to != CANCELLING && timeout != null && timeout.isBefore(draft.now())) {
      return draft.rejectTo(
          new ProposedState(
              FAILED, null, "The flow was %s and never resumed.".formatted(name), null, null),
          "The flow run %s has timed out and can no longer resume."
              .formatted(verb(draft.proposed())));
    }
    return draft.afterwards(policy -> policy.resuming(true));
  }

  private static Draft copyScheduledTime(Draft draft) {
    return draft.proposed().details().scheduledTime() == null
        ? draft.with(
            draft.proposed().with(d -> d.scheduledTime = draft.current().details().scheduledTime()))
        : draft;
  }

  private static Draft notTooEarly(Draft draft) {
    var scheduled = draft.current().details().scheduledTime();
    if (scheduled == null || !scheduled.isAfter(draft.now())) {
      return draft;
    }
    var delay = Duration.between(draft.now(), scheduled);
    int seconds = Seconds.rounded(delay);
    return seconds > 0 ? draft.delay(seconds, "Scheduled time is in the future") : draft;
  }

  private static Draft retry(Draft draft) {
    var policy = draft.policy();
    if (policy.retries() == null || draft.run().progress().runCount() > policy.retries()) {
      return draft.with(policy.with(null));
    }
    int delay = policy.retryDelay() == null ? 0 : policy.retryDelay();
    var failed = draft.proposed();
    var retry =
        new ProposedState(
            SCHEDULED,
            StateNames.AWAITING_RETRY,
            failed.message(),
            failed.data(),
            StateDetails.NONE.with(
                d -> {
                  d.scheduledTime = draft.now().plusSeconds(delay);
                  d.deploymentConcurrencyLeaseId = draft.run().leaseId();
                }));
    return draft.rejectTo(retry, policy.withoutPauses().with(RetryType.IN_PROCESS), "Retrying");
  }
}

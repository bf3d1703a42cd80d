package io.sluice.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run does by itself when its time has come (Prefect 3.8.8, server/services: late_runs,
 * pause_expirations, cancellation_cleanup; putting back and crashing are Sluice's own). Pure.
 */
public enum WakeCall {
  /** Nobody claimed it in time. */
  LATE,
  /** Nobody resumed it in time. */
  PAUSE_EXPIRED,
  /** Nobody finished cancelling it in time. */
  CANCELLING_TIMED_OUT,
  /** It was cancelled while it ran: what it started is to be cancelled too. */
  CANCEL_BELOW,
  /** It was claimed and nothing came of it: whoever claimed it is gone. */
  PUT_BACK,
  /** Its process is not heard of any more. */
  CRASHED;

  /** What a cancelled run started is looked after for so long. */
  private static final Duration LOOKED_AFTER = Duration.ofDays(1);

  /** What is said of a run that is cancelled because what started it was. */
  public static final String PARENT_CANCELLED = "The parent flow run was cancelled.";

  /** What {@code run} will do next by itself, null if nothing. */
  static WakeCall of(FlowRun run, WakeBounds bounds) {
    if (run.state() == null) {
      return null;
    }
    return switch (run.stateType()) {
      case SCHEDULED -> run.state().name().equals(StateNames.SCHEDULED) ? LATE : null;
      case PAUSED -> run.state().details().pauseTimeout() == null ? null : PAUSE_EXPIRED;
      case CANCELLING -> CANCELLING_TIMED_OUT;
      case CANCELLED -> run.progress().runCount() > 0 ? CANCEL_BELOW : null;
      case PENDING -> pendingFor(run, bounds).isPresent() ? PUT_BACK : null;
      case RUNNING -> bounds.silentFor().isPresent() ? CRASHED : null;
      case COMPLETED, FAILED, CRASHED -> null;
    };
  }

  /** Runs that somebody submitted may still come up, and must not run twice. */
  private static Optional<Duration> pendingFor(FlowRun run, WakeBounds bounds) {
    if (run.spec().deploymentId() == null) {
      return Optional.empty();
    }
    boolean submitted =
        run.spec().infrastructurePid() != null || !run.state().name().equals(StateNames.PENDING);
    return submitted ? bounds.submittedFor() : Optional.of(bounds.claimedFor());
  }

  /**
   * When {@code run} does it; null for never.
   *
   * @param heardAt when its process was last heard of; may be null
   */
  static Instant at(FlowRun run, WakeBounds bounds, Instant heardAt) {
    var call = of(run, bounds);
    if (call == null) {
      return null;
    }
    var entered = run.state().timestamp();
    return switch (call) {
      case LATE -> run.progress().nextScheduledStart().plus(bounds.lateAfter());
      case PAUSE_EXPIRED ->
          later(run.state().details().pauseTimeout(), entered).plus(bounds.pauseGrace());
      case CANCELLING_TIMED_OUT -> entered.plus(bounds.cancellingFor());
      case CANCEL_BELOW -> entered;
      case PUT_BACK -> entered.plus(pendingFor(run, bounds).orElseThrow());
      case CRASHED -> later(entered, heardAt).plus(bounds.silentFor().orElseThrow());
    };
  }

  private static Instant later(Instant one, Instant other) {
    return other == null || one.isAfter(other) ? one : other;
  }

  /** Whether it is too late to look after what {@code run} started. */
  static boolean isForgotten(FlowRun run, Instant now) {
    return run.state().timestamp().plus(LOOKED_AFTER).isBefore(now);
  }

  /** What becomes of the run, as far as the rules agree. */
  Ruling ruling(FlowRun run, WakeBounds bounds, Instant now) {
    return switch (this) {
      case LATE ->
          judge(
              FlowRunRules.LATE,
              run,
              ProposedState.scheduled(StateNames.LATE, null, run.progress().nextScheduledStart()),
              now);
      case PAUSE_EXPIRED ->
          judge(
              FlowRunRules.FORCED,
              run,
              of(StateType.FAILED, "The flow was paused and never resumed."),
              now);
      case CANCELLING_TIMED_OUT ->
          judge(
              FlowRunRules.NORMAL,
              run,
              ProposedState.cancelled(
                  "Flow run cancellation timed out; marked this flow run as Cancelled."),
              now);
      case PUT_BACK ->
          judge(FlowRunRules.FORCED, run, putBack(run, pendingFor(run, bounds).orElseThrow()), now);
      case CRASHED ->
          judge(
              FlowRunRules.NORMAL,
              run,
              of(StateType.CRASHED, silent(bounds.silentFor().orElseThrow())),
              now);
      case CANCEL_BELOW -> throw new IllegalStateException("the run itself has ended");
    };
  }

  private static Ruling judge(
      java.util.List<FlowRunRule> rules, FlowRun run, ProposedState state, Instant now) {
    return FlowRunRules.judge(rules, run, state, now);
  }

  private static ProposedState of(StateType type, String message) {
    return new ProposedState(type, null, message, null, null);
  }

  /** With the time it had: it keeps its age in every line. */
  private static ProposedState putBack(FlowRun run, Duration waited) {
    return ProposedState.scheduled(
        null,
        "Put back: it was claimed but did not start within %d s.".formatted(waited.toSeconds()),
        run.state().details().scheduledTime());
  }

  private static String silent(Duration silentFor) {
    return "Nothing was heard of the process of this run for %d s."
        .formatted(silentFor.toSeconds());
  }

  /** A run that is late and would not wait for a slot if its deployment's limit is full. */
  static Ruling cancelledInsteadOfLate(FlowRun run, Instant now) {
    return judge(
        FlowRunRules.FORCED,
        run,
        ProposedState.cancelled("Deployment concurrency limit reached."),
        now);
  }

  /**
   * What a run is asked to enter when its parent was cancelled: with a deployment somebody else
   * runs it and has to stop it, otherwise it ended with its parent. Empty if nothing.
   */
  static Optional<ProposedState> cancelWithParent(FlowRun child) {
    boolean deployed = child.spec().deploymentId() != null;
    if (child.stateType() != null && child.stateType().isTerminal()
        || deployed && child.stateType() == StateType.CANCELLING) {
      return Optional.empty();
    }
    return Optional.of(of(deployed ? StateType.CANCELLING : StateType.CANCELLED, PARENT_CANCELLED));
  }
}

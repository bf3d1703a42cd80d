package io.sluice.run;

import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A proposal on its way through the rules: what was proposed, as changed by the rules so far, and
 * the ruling once a rule has made one, after which no other rule is asked.
 */
record Draft(
    FlowRun run,
    ProposedState proposed,
    FlowRunPolicy policy,
    UnaryOperator<FlowRunPolicy> after,
    Instant now,
    Ruling ruling) {

  static Draft of(FlowRun run, ProposedState proposed, Instant now) {
    return new Draft(run, proposed, run.policy(), UnaryOperator.identity(), now, null);
  }

  State current() {
    return run.state();
  }

  boolean isSettled() {
    return ruling != null;
  }

  /** What follows if no further rule objects. */
  Ruling settle() {
    return isSettled()
        ? ruling
        : new Ruling.Enter(Ruling.Status.ACCEPT, proposed, null, policy, after);
  }

  Draft with(ProposedState changed) {
    return new Draft(run, changed, policy, after, now, ruling);
  }

  Draft with(FlowRunPolicy changed) {
    return new Draft(run, proposed, changed, after, now, ruling);
  }

  Draft afterwards(UnaryOperator<FlowRunPolicy> change) {
    return new Draft(run, proposed, policy, change, now, ruling);
  }

  /** The run stays in its state. */
  Draft reject(String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.REJECT, reason, 0));
  }

  /** The run stays in its state and the proposer gives up. */
  Draft abort(String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.ABORT, reason, 0));
  }

  /** The run stays in its state and the proposer proposes again later. */
  Draft delay(int seconds, String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.WAIT, reason, seconds));
  }

  /** The run enters another state; what the rules did to the policy so far is undone. */
  Draft rejectTo(ProposedState other, String reason) {
    return rejectTo(other, run.policy(), reason);
  }

  /** The run enters another state under {@code changed}. */
  Draft rejectTo(ProposedState other, FlowRunPolicy changed, String reason) {
    return ruled(
        new Ruling.Enter(Ruling.Status.REJECT, other, reason, changed, UnaryOperator.identity()));
  }

  private Draft ruled(Ruling made) {
    return new Draft(run, proposed, policy, after, now, made);
  }
}

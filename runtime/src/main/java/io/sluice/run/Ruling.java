package io.sluice.run;

import java.util.function.UnaryOperator;

/** What the rules make of a proposal. */
public sealed interface Ruling {

  /** How a proposal was taken, in the words of Prefect 3.8.8 (SetStateStatus). */
  enum Status {
    ACCEPT,
    REJECT,
    WAIT,
    ABORT
  }

  /**
   * A state is to be entered: the proposed one, or, rejected with a reason, another one.
   *
   * @param policy the run's policy from now on
   * @param after what is done to the policy once the state is entered
   */
  record Enter(
      Status status,
      ProposedState state,
      String reason,
      FlowRunPolicy policy,
      UnaryOperator<FlowRunPolicy> after)
      implements Ruling {}

  /** The run stays in its state. */
  record Stay(Status status, String reason, int delaySeconds) implements Ruling {}
}

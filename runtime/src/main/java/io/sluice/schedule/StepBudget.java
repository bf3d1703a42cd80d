package io.sluice.schedule;

/**
 * How many dates may be looked at to find those that are wanted. Rules can be written that are
 * never done: a count of a thousand million seconds, a rule whose dates are all excluded.
 */
final class StepBudget {
  /** A quarter of a second of work, and every minute of more than a year. */
  static final int STEPS_MAX = 600_000;

  private int left = STEPS_MAX;

  /** Takes a step; false if there is none left. */
  boolean take() {
    if (left > 0) {
      left--;
      return true;
    }
    return false;
  }

  boolean isSpent() {
    return left == 0;
  }
}

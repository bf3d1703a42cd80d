package io.sluice.load.faults;

import io.sluice.load.history.Violation;
import java.util.List;
import java.util.OptionalLong;

/**
 * What came of one run.
 *
 * @param number from 1
 * @param operations calls that were answered
 * @param failures requests without an answer, or answered with 5xx, while the fault lasted
 * @param runs flow runs that were created and ended meanwhile
 * @param nextGrantNanos from the strike to the next grant of the limit that everybody wants; empty
 *     if there was none
 * @param pauseNanos the longest time without such a grant since then
 * @param problems why the run could not be judged in full, if so
 */
record RunResult(
    int number,
    FaultKind kind,
    Strike strike,
    long operations,
    long failures,
    int runs,
    OptionalLong nextGrantNanos,
    long pauseNanos,
    List<Violation> violations,
    List<String> problems) {

  boolean isPassed() {
    return violations.isEmpty() && problems.isEmpty() && strike.hit();
  }
}

package io.sluice.run;

import io.sluice.store.Seconds;
import java.time.Duration;
import java.time.Instant;

/**
 * The bookkeeping of a run, flow or task (Prefect 3.8.8, server/orchestration/global_policy.py).
 *
 * @param runCount how often it entered RUNNING
 * @param expectedStart set once: the scheduled time, or when it entered its first state
 * @param nextScheduledStart only while SCHEDULED
 * @param waitingSince only while SCHEDULED: since when it is due, however often it was sent back to
 *     wait for a slot; its age in every line
 * @param start when it first entered RUNNING
 * @param end when it entered the terminal state it is in
 * @param totalRunTime time spent in RUNNING, without the present stay
 */
public record Progress(
    int runCount,
    Instant expectedStart,
    Instant nextScheduledStart,
    Instant waitingSince,
    Instant start,
    Instant end,
    Duration totalRunTime) {

  public static final Progress NONE = new Progress(0, null, null, null, null, null, Duration.ZERO);

  /** By which runs are sorted: when it started, or while it has not, when it is expected to. */
  public Instant startOrExpected() {
    return start == null ? expectedStart : start;
  }

  /** {@code totalRunTime} in seconds, to the microsecond. */
  public double totalRunSeconds() {
    return Seconds.of(totalRunTime);
  }

  /**
   * After leaving {@code from}, which may be null, for {@code to}.
   *
   * @param counts whether entering RUNNING counts as a run
   */
  public Progress entering(State from, State to, boolean counts) {
    boolean running = to.type() == StateType.RUNNING;
    boolean scheduled = to.type() == StateType.SCHEDULED;
    var at = to.timestamp();
    var started = start == null && running ? at : start;
    var ended = from != null && from.type().isTerminal() && !to.type().isTerminal() ? null : end;
    if (to.type().isTerminal() && ended == null) {
      started = started == null ? at : started;
      ended = at;
    }
    var ran =
        from != null && from.type() == StateType.RUNNING
            ? totalRunTime.plus(Duration.between(from.timestamp(), at))
            : totalRunTime;
    var expected =
        expectedStart != null ? expectedStart : scheduled ? to.details().scheduledTime() : at;
    var left = from != null && from.type() == StateType.SCHEDULED;
    var next = scheduled ? to.details().scheduledTime() : left ? null : nextScheduledStart;
    return new Progress(
        running && counts ? runCount + 1 : runCount,
        expected,
        next,
        waiting(to),
        started,
        ended,
        ran);
  }

  private Instant waiting(State to) {
    if (to.type() != StateType.SCHEDULED) {
      return null;
    }
    return waitingSince != null && StateNames.STILL_WAITING.contains(to.name())
        ? waitingSince
        : to.details().scheduledTime();
  }

  public Progress withExpectedStart(Instant expected) {
    return new Progress(
        runCount, expected, nextScheduledStart, waitingSince, start, end, totalRunTime);
  }

  public Progress withRunCount(int count) {
    return new Progress(
        count, expectedStart, nextScheduledStart, waitingSince, start, end, totalRunTime);
  }
}

package io.sluice.task;

import io.sluice.run.ProposedState;
import io.sluice.run.Ruling;
import io.sluice.run.StateType;
import java.time.Instant;
import java.util.function.UnaryOperator;

/**
 * A proposal on its way through the task rules.
 *
 * @param flow the state of the flow run it belongs to, null if it belongs to none
 * @param runCount the run count from which entering RUNNING counts on
 * @param cached a completed state under the proposed cache key, null if there is none
 * @param chance for what is left to chance: from 0 (included) to 1 (excluded), all equally likely
 * @param ruling once a rule has made one
 */
public record TaskDraft(
    TaskRun run,
    ProposedState proposed,
    FlowFacts flow,
    ProposedState cached,
    int runCount,
    Instant now,
    double chance,
    Ruling ruling) {

  /** What the rules ask about the flow run. */
  public record FlowFacts(
      StateType state, Instant pauseTimeout, boolean pauseReschedule, int runCount) {}

  static TaskDraft of(TaskRun run, ProposedState proposed, Instant now, double chance) {
    return new TaskDraft(run, proposed, null, null, run.progress().runCount(), now, chance, null);
  }

  TaskDraft with(FlowFacts facts, ProposedState hit) {
    return new TaskDraft(run, proposed, facts, hit, runCount, now, chance, ruling);
  }

  boolean isSettled() {
    return ruling != null;
  }

  TaskDraft with(ProposedState changed) {
    return new TaskDraft(run, changed, flow, cached, runCount, now, chance, ruling);
  }

  TaskDraft countingFrom(int count) {
    return new TaskDraft(run, proposed, flow, cached, count, now, chance, ruling);
  }

  TaskDraft reject(String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.REJECT, reason, 0));
  }

  TaskDraft abort(String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.ABORT, reason, 0));
  }

  TaskDraft delay(int seconds, String reason) {
    return ruled(new Ruling.Stay(Ruling.Status.WAIT, reason, seconds));
  }

  TaskDraft rejectTo(ProposedState other, String reason) {
    var enter =
        new Ruling.Enter(Ruling.Status.REJECT, other, reason, null, UnaryOperator.identity());
    return new TaskDraft(
        run, proposed, flow, cached, run.progress().runCount(), now, chance, enter);
  }

  TaskDraft accept() {
    return isSettled()
        ? this
        : ruled(
            new Ruling.Enter(Ruling.Status.ACCEPT, proposed, null, null, UnaryOperator.identity()));
  }

  private TaskDraft ruled(Ruling made) {
    return new TaskDraft(run, proposed, flow, cached, runCount, now, chance, made);
  }
}

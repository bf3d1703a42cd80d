package io.sluice.task;

import io.sluice.run.Progress;
import io.sluice.run.State;
import io.sluice.run.StateType;
import java.time.Instant;
import java.util.UUID;

/**
 * A task run as its owner knows it.
 *
 * @param version rises with every write and fences an owner that is none any more
 * @param lease of the slots of its tags' limits, if the server took them for it; null otherwise
 * @param flowRunRunCount the flow run's run count when this task run last entered RUNNING
 * @param state null only before the first one
 */
public record TaskRun(
    UUID id,
    long version,
    Instant created,
    Instant updated,
    TaskRunSpec spec,
    UUID lease,
    int flowRunRunCount,
    Progress progress,
    State state) {

  public static TaskRun created(UUID id, TaskRunSpec spec, Instant now) {
    return new TaskRun(id, 0, now, now, spec, null, 0, Progress.NONE, null);
  }

  public StateType stateType() {
    return state == null ? null : state.type();
  }

  TaskRun entering(State to, int runCountBefore, int flowRunRuns, UUID lease) {
    boolean running = to.type() == StateType.RUNNING;
    return new TaskRun(
        id,
        version + 1,
        created,
        to.timestamp(),
        spec,
        lease,
        running ? flowRunRuns : flowRunRunCount,
        progress.withRunCount(runCountBefore).entering(state, to, true),
        to);
  }

  TaskRun with(TaskRunSpec changed, Instant now) {
    return new TaskRun(
        id, version + 1, created, now, changed, lease, flowRunRunCount, progress, state);
  }
}

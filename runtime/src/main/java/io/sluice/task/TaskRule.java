package io.sluice.task;

import io.sluice.run.StateType;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A rule of task-run orchestration.
 *
 * @param name as Prefect 3.8.8 names it (server/orchestration/core_policy.py)
 * @param from the states it is about, null for any and none
 */
record TaskRule(
    String name, Set<StateType> from, Set<StateType> to, UnaryOperator<TaskDraft> judge) {

  boolean matches(StateType current, StateType proposed) {
    return to.contains(proposed) && (from == null || current != null && from.contains(current));
  }
}

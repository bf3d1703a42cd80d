package io.sluice.run;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A rule of flow-run orchestration.
 *
 * @param name as Prefect 3.8.8 names it (server/orchestration/core_policy.py)
 * @param from the states it is about; a run without a state matches if {@code fromNone}
 */
public record FlowRunRule(
    String name,
    Set<StateType> from,
    boolean fromNone,
    Set<StateType> to,
    UnaryOperator<Draft> judge) {

  static final Set<StateType> ANY = EnumSet.allOf(StateType.class);

  static FlowRunRule of(
      String name, Set<StateType> from, Set<StateType> to, UnaryOperator<Draft> judge) {
    return new FlowRunRule(name, from, false, to, judge);
  }

  boolean matches(StateType current, StateType proposed) {
    return to.contains(proposed) && (current == null ? fromNone : from.contains(current));
  }
}

package io.sluice.run;

import java.util.Locale;
import java.util.Set;

/** The types of run states (Prefect 3.8.8, server/schemas/states.py). */
public enum StateType {
  SCHEDULED,
  PENDING,
  RUNNING,
  PAUSED,
  CANCELLING,
  COMPLETED,
  FAILED,
  CRASHED,
  CANCELLED;

  public static final Set<StateType> TERMINAL = Set.of(COMPLETED, FAILED, CRASHED, CANCELLED);

  public boolean isTerminal() {
    return TERMINAL.contains(this);
  }

  /** The name of a state that was given none: {@code Running} for {@code RUNNING}. */
  public String defaultName() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}

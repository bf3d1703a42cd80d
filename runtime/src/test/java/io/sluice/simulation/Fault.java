package io.sluice.simulation;

/** What goes wrong in a simulated world. */
public enum Fault {
  MESSAGE_DELAYED,
  MESSAGE_LOST,
  MESSAGE_DUPLICATED,
  MESSAGE_REORDERED,
  CONNECTION_BROKEN,
  WRITE_SLOW,
  /** Nothing was written, and the writer is told so. */
  WRITE_FAILED,
  /** It was written, but the writer is told that it failed. */
  WRITE_IN_DOUBT,
  /** Somebody else has written in between. */
  WRITE_FENCED,
  MACHINE_CRASHED,
  MACHINE_RESTARTED,
  MACHINE_CUT_OFF,
  MACHINE_HEALED,
  MACHINE_PAUSED_SHORT,
  MACHINE_PAUSED_LONG,
  CLOCK_SKEWED
}

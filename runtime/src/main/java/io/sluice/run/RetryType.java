package io.sluice.run;

/** How a run is tried again: by the process that ran it, or by another one. */
public enum RetryType {
  IN_PROCESS,
  RESCHEDULE
}

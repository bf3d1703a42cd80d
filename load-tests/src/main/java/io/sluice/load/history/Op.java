package io.sluice.load.history;

/** What a client asks a server for. */
public enum Op {
  SETUP,
  CREATE,
  POLL,
  HEARTBEAT,
  PENDING,
  SUBMITTING,
  RUNNING,
  COMPLETED,
  RENEW,
  READ,
  /** Slots of one or several limits, by their names, under one lease. */
  ACQUIRE,
  /** Gives such a lease back. */
  RELEASE,
  /** How many slots of a limit are taken. */
  COUNT,
  /** Not a request: something happened to the node itself. */
  NODE;

  /** Whether it proposes a state of a run. */
  public boolean isProposal() {
    return this == PENDING || this == SUBMITTING || this == RUNNING || this == COMPLETED;
  }
}

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
  /** Not a request: something happened to the node itself. */
  NODE;

  /** Whether it proposes a state of a run. */
  public boolean isProposal() {
    return this == PENDING || this == SUBMITTING || this == RUNNING || this == COMPLETED;
  }
}

package io.sluice.load.faults;

import java.util.Locale;

/** What can strike the cluster or its clients. */
enum FaultKind {
  KILL_OWNER("kill -9 of the node that owns the limit that everybody wants"),
  KILL_NODE("kill -9 of another node"),
  KILL_ALL("kill -9 of all nodes at once"),
  STOP_SHORT("SIGSTOP of the owner, for less than the failure detector takes"),
  STOP_LONG("SIGSTOP of the owner, for longer than it takes to put it out"),
  CUT_PEERS("the owner is cut off from the nodes, not from database and clients"),
  CUT_ALL("the owner is cut off from everything"),
  LEAVE("SIGTERM of the owner"),
  POSTGRES_RESTART("PostgreSQL is stopped as by a crash and started again"),
  POSTGRES_AWAY("PostgreSQL is away for 30 s"),
  CLIENTS_KILLED("kill -9 of clients"),
  CLIENTS_PAUSED("SIGSTOP of clients, for longer than their leases last"),
  ROLLING("all nodes are restarted one after the other, by SIGTERM");

  private final String sentence;

  FaultKind(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }

  /** Whether it needs a network in which nodes can be cut off. */
  boolean cuts() {
    return this == CUT_PEERS || this == CUT_ALL;
  }

  /** Whether it strikes clients that have a process of their own. */
  boolean strikesClients() {
    return this == CLIENTS_KILLED || this == CLIENTS_PAUSED;
  }

  /** As on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package io.sluice.load.faults;

import java.util.List;

/** Where the nodes are, and how they are cut off from each other. Nodes are numbered from 0. */
interface Network extends AutoCloseable {

  /** Whether nodes can be cut off. */
  boolean canCut();

  /** The address of a node, for the others and for clients. */
  String host(int node);

  /** The address of this program and of the database, for the nodes. */
  String outside();

  /** What comes before a command that is to run at a node. */
  List<String> at(int node);

  /**
   * Drops all packets between a node and the other nodes.
   *
   * @param outsideToo also those between the node and the database and clients
   */
  void cut(int node, boolean outsideToo);

  /** Undoes all cuts; returns how many packets were dropped. */
  long heal();

  @Override
  void close();
}

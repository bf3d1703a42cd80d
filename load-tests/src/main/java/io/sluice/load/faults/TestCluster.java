package io.sluice.load.faults;

import io.sluice.load.Failure;
import io.sluice.load.Timers;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Three nodes over a database, all of its own. */
final class TestCluster implements AutoCloseable {
  static final int NODES = 3;
  private static final int SHARDS = 100;
  private static final int ENDS_MAX = 6;
  private static final Duration READY_WITHIN = Duration.ofMinutes(4);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final Timers timers;
  private final Network network;
  private final Postgres postgres;
  private final List<ClusterNode> nodes = new ArrayList<>();

  /**
   * The first of a row of ports each: one per node, and for the database.
   *
   * @param cluster the management ports follow the cluster ports
   */
  record Ports(int api, int cluster, int postgres) {}

  /**
   * @param options of the JVM of each node
   */
  TestCluster(
      Path jar, Path dir, Ports ports, List<String> options, Network network, Timers timers) {
    this.timers = timers;
    this.network = network;
    this.postgres = Postgres.start(dir.resolve("postgres"), ports.postgres());
    var seeds = new ArrayList<String>();
    for (int node = 0; node < NODES; node++) {
      seeds.add(network.host(node) + ":" + (ports.cluster() + node));
    }
    for (int node = 0; node < NODES; node++) {
      var name = "node-" + (node + 1);
      nodes.add(
          new ClusterNode(
              new ClusterNode.Place(
                  name,
                  jar,
                  network.at(node),
                  network.host(node),
                  ports.api() + node,
                  ports.cluster() + node,
                  ports.cluster() + NODES + node,
                  seeds,
                  postgres.url(network.outside()),
                  options,
                  dir.resolve(name + ".log"))));
    }
  }

  List<ClusterNode> nodes() {
    return nodes;
  }

  Postgres postgres() {
    return postgres;
  }

  Network network() {
    return network;
  }

  List<URI> apis() {
    return nodes.stream().map(ClusterNode::api).toList();
  }

  /**
   * Starts the nodes that do not run, and waits until all are ready and see each other. A node that
   * ends by itself meanwhile is started again.
   *
   * @return what ended by itself, one line each: on a busy machine nodes that are well are put out
   */
  List<String> makeWhole() {
    var ended = new ArrayList<String>();
    nodes.stream().filter(node -> !node.isAlive()).forEach(ClusterNode::start);
    if (!await(READY_WITHIN, () -> isWhole(ended))) {
      throw new Failure(
          "The cluster is not whole after %d s: %s".formatted(READY_WITHIN.toSeconds(), states()),
          "See the nodes' logs.",
          null);
    }
    return ended;
  }

  private boolean isWhole(List<String> ended) {
    boolean whole = true;
    for (var node : nodes) {
      if (!node.isAlive()) {
        ended.add("%s ended by itself: %s".formatted(node.name(), last(node)));
        if (ended.size() > ENDS_MAX) {
          throw new Failure(String.join("; ", ended), "See the nodes' logs.", null);
        }
        node.start();
        whole = false;
      } else {
        whole &= node.isReady() && node.members() == NODES;
      }
    }
    return whole;
  }

  private static String last(ClusterNode node) {
    var lines = node.logSince(Math.max(0, node.logSize() - 2000));
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  private String states() {
    var states = new ArrayList<String>();
    for (var node : nodes) {
      states.add(
          "%s alive %b ready %b members %d"
              .formatted(node.name(), node.isAlive(), node.isReady(), node.members()));
    }
    return String.join(", ", states);
  }

  /**
   * The node that owns a limit, as Pekko's typed sharding places it by the key that the limit's id
   * carries.
   *
   * @throws Failure if none says so: ask for the limit first
   */
  int ownerOf(String limitId) {
    var key = limitId.substring(0, 8) + limitId.substring(9, 13) + limitId.substring(15, 18);
    int shard = Math.abs(key.hashCode() % SHARDS);
    for (int node = 0; node < nodes.size(); node++) {
      if (nodes.get(node).ownsShard(shard)) {
        return node;
      }
    }
    throw new Failure(
        "No node says that it owns shard %d of limit %s".formatted(shard, limitId),
        "Check that /cluster/shards/limit answers at the management ports.",
        null);
  }

  /** Whether it became true within that time. */
  boolean await(Duration within, BooleanSupplier what) {
    long until = System.nanoTime() + within.toNanos();
    while (!what.getAsBoolean()) {
      if (System.nanoTime() > until) {
        return false;
      }
      timers.after(LOOK_EVERY).join();
    }
    return true;
  }

  void pause(Duration time) {
    timers.after(time).join();
  }

  @Override
  public void close() {
    nodes.forEach(ClusterNode::close);
    postgres.close();
    network.close();
  }
}

package io.sluice.load.faults;

import io.sluice.load.Recorder;
import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.SlotTruth.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Lets a fault strike, waits until it is over and mended, and collects the proof that it hit. */
final class Striker {
  private static final Duration DOWN_FOR = Duration.ofSeconds(15);
  private static final Duration SHORT = Duration.ofMillis(1500);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration AWAY = Duration.ofSeconds(30);
  private static final Duration PAUSE_BEYOND_LEASE = Duration.ofSeconds(70);
  private static final Duration LEAVES_WITHIN = Duration.ofSeconds(40);
  private static final int LINES_MAX = 3;
  private static final int EXCERPT = 140;

  private final TestCluster cluster;
  private final Recorder recorder;
  private final Random random;
  private final List<String> evidence = new ArrayList<>();
  private boolean hit = true;
  private Cut cut;

  Striker(TestCluster cluster, Recorder recorder, Random random) {
    this.cluster = cluster;
    this.recorder = recorder;
    this.random = random;
  }

  /**
   * Returns when the cluster is whole again.
   *
   * @param owner the node that owns the limit that everybody wants
   * @param clients those that have a process of their own, if any
   */
  Strike strike(FaultKind kind, int owner, Optional<ClientProcess> clients) {
    var node = cluster.nodes().get(owner);
    var logs = cluster.nodes().stream().map(ClusterNode::logSize).toList();
    long from = recorder.now();
    switch (kind) {
      case KILL_OWNER -> killed(List.of(node));
      case KILL_NODE -> killed(List.of(another(owner)));
      case KILL_ALL -> killed(cluster.nodes());
      case STOP_SHORT -> stopped(node, SHORT);
      case STOP_LONG -> stoppedForLong(node);
      case CUT_PEERS -> cut(owner, false);
      case CUT_ALL -> cut(owner, true);
      case LEAVE -> left(node);
      case ROLLING -> rolled();
      case POSTGRES_RESTART -> databaseAway(Duration.ZERO);
      case POSTGRES_AWAY -> databaseAway(AWAY);
      case CLIENTS_KILLED -> clientsKilled(clients.orElseThrow());
      case CLIENTS_PAUSED -> clientsPaused(clients.orElseThrow());
    }
    evidence.addAll(cluster.makeWhole());
    long to = recorder.now();
    noteLogs(logs);
    return new Strike(from, to, cut, hit, List.copyOf(evidence));
  }

  private ClusterNode another(int owner) {
    return cluster
        .nodes()
        .get((owner + 1 + random.nextInt(TestCluster.NODES - 1)) % TestCluster.NODES);
  }

  private void proven(boolean proof, String what, Object... facts) {
    hit &= proof;
    evidence.add((proof ? "" : "NOT SEEN: ") + what.formatted(facts));
  }

  private void killed(List<ClusterNode> nodes) {
    nodes.parallelStream().forEach(ClusterNode::kill);
    for (var node : nodes) {
      recorder.node(Kind.KILLED, node.name());
      proven(!node.isAlive() && node.state().isEmpty(), "process %d is gone", node.pid());
    }
    // All at once: there is nobody to take over. Else long enough that the others have done so.
    if (nodes.size() < TestCluster.NODES) {
      cluster.pause(DOWN_FOR);
    }
  }

  private void stopped(ClusterNode node, Duration time) {
    node.signal("STOP");
    cluster.pause(Duration.ofMillis(100));
    proven(node.state().equals("T"), "process %d has state %s", node.pid(), node.state());
    cluster.pause(time.minusMillis(100));
    node.signal("CONT");
    recorder.node(Kind.STARTED, node.name() + " goes on");
  }

  private void stoppedForLong(ClusterNode node) {
    stopped(node, LONG);
    ends(node);
  }

  /** A node that the others have put out ends by itself once it learns of it. */
  private void ends(ClusterNode node) {
    boolean ended = node.endsWithin(LEAVES_WITHIN);
    proven(ended, "%s %s", node.name(), ended ? "ended by itself" : "is still there");
    if (!ended) {
      node.kill();
    }
  }

  private void cut(int owner, boolean outsideToo) {
    var node = cluster.nodes().get(owner);
    cluster.network().cut(owner, outsideToo);
    long from = recorder.now();
    recorder.node(Kind.KILLED, node.name() + " is cut off");
    cluster.pause(LONG);
    cut = new Cut(node.api().getAuthority(), from, recorder.now());
    long dropped = cluster.network().heal();
    recorder.node(Kind.STARTED, node.name() + " is no longer cut off");
    proven(dropped > 0, "%d packets were dropped", dropped);
    ends(node);
  }

  private void left(ClusterNode node) {
    node.terminate();
    proven(node.endsWithin(LEAVES_WITHIN), "process %d ended on SIGTERM", node.pid());
    recorder.node(Kind.KILLED, node.name() + " left");
  }

  private void rolled() {
    for (var node : cluster.nodes()) {
      left(node);
      evidence.addAll(cluster.makeWhole());
    }
  }

  private void databaseAway(Duration time) {
    cluster.postgres().stop();
    var status = cluster.postgres().status();
    proven(status.contains("no server running"), "%s", status);
    cluster.pause(time);
    cluster.postgres().start();
    proven(cluster.postgres().status().contains("server is running"), "and was started again");
  }

  private void clientsKilled(ClientProcess clients) {
    clients.kill();
    proven(!clients.isAlive(), "clients '%s' are gone", clients.name());
    cluster.pause(DOWN_FOR);
  }

  private void clientsPaused(ClientProcess clients) {
    clients.signal("STOP");
    cluster.pause(Duration.ofMillis(200));
    proven(clients.state().equals("T"), "clients have state %s", clients.state());
    cluster.pause(PAUSE_BEYOND_LEASE);
    clients.signal("CONT");
  }

  private static String excerpt(String line) {
    return line.length() <= EXCERPT ? line : line.substring(0, EXCERPT) + "…";
  }

  /** What the nodes themselves said about members, as far as they log it. */
  private void noteLogs(List<Long> from) {
    for (int i = 0; i < from.size(); i++) {
      var node = cluster.nodes().get(i);
      var lines =
          node.logSince(from.get(i)).stream()
              .filter(
                  line ->
                      line.toLowerCase(Locale.ROOT)
                          .matches(
                              ".*(unreachable|downing|downed|quarantin|removed|no longer|ended by itself).*"))
              .toList();
      lines.stream()
          .limit(LINES_MAX)
          .forEach(line -> evidence.add("%s: %s".formatted(node.name(), excerpt(line))));
    }
  }
}

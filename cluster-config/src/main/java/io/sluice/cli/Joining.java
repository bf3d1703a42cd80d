package io.sluice.cli;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.management.cluster.bootstrap.ClusterBootstrap;
import org.apache.pekko.management.javadsl.PekkoManagement;

/** How a node gets into its cluster: by seed nodes, or by discovery. */
final class Joining {
  private Joining() {}

  /**
   * Serves the health checks and begins to join. Returns at once: the node is a member when it is
   * ready.
   */
  static void join(ActorSystem<?> typed) {
    var system = Adapter.toClassic(typed);
    var config = typed.settings().config();
    PekkoManagement.get(system)
        .start()
        .exceptionally(
            failed -> {
              typed.log().error("The health checks cannot be served", failed);
              return null;
            });
    var seeds = SeedNodes.of(config);
    if (seeds.isEmpty()) {
      ClusterBootstrap.get(system).start();
    } else {
      Cluster.get(system).joinSeedNodes(seeds);
    }
  }

  /**
   * Listens for a moment at the ports for other nodes and for health checks.
   *
   * @throws Failure if one of them is taken or none of this machine
   */
  static void check(Config config) {
    check(
        config.getString("pekko.remote.artery.bind.hostname"),
        config.getInt("sluice.cluster.port"),
        "--cluster-port");
    check(
        config.getString("pekko.management.http.bind-hostname"),
        config.getInt("sluice.cluster.management-port"),
        "--management-port");
  }

  private static void check(String host, int port, String option) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException | IllegalArgumentException refused) {
      throw new Failure(
          "It is not possible to listen at %s:%d: %s.".formatted(host, port, refused.getMessage()),
          "Choose another port with %s.".formatted(option),
          refused);
    }
  }

  /** What to do about a node that joined no cluster in time. */
  static String next(Config config) {
    var seeds = SeedNodes.of(config);
    if (seeds.isEmpty()) {
      return "Check that discovery by %s finds %d nodes named '%s', or name seed nodes by --seed-node."
          .formatted(
              config.getString("sluice.cluster.discovery.method"),
              config.getInt("sluice.cluster.discovery.required-nodes"),
              config.getString("sluice.cluster.discovery.service-name"));
    }
    return "Check that one of the seed nodes runs and is reached from here: %s; the first begins."
        .formatted(names(seeds));
  }

  private static String names(List<Address> seeds) {
    return seeds.stream().map(Address::hostPort).collect(Collectors.joining(", "));
  }
}

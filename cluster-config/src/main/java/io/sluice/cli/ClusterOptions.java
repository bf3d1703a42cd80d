package io.sluice.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of a node of a cluster. */
final class ClusterOptions {
  @Option(
      names = "--cluster-host",
      paramLabel = "HOST",
      description = {
        "The name by which the other nodes reach this one.",
        "Default: $SLUICE_CLUSTER_HOST, or 127.0.0.1."
      })
  private String host;

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      description = "Port for the other nodes. Default: $SLUICE_CLUSTER_PORT, or 17355.")
  private Integer port;

  @Option(
      names = "--management-port",
      paramLabel = "PORT",
      description = {
        "Port of /ready and /alive, and for discovery.",
        "Default: $SLUICE_MANAGEMENT_PORT, or 8558."
      })
  private Integer managementPort;

  @Option(
      names = "--seed-node",
      paramLabel = "HOST:PORT",
      hideParamSyntax = true,
      split = ",",
      defaultValue = "${env:SLUICE_SEED_NODES}",
      description = {
        "A node to join by, with its cluster port; repeat it, in the same order on all nodes.",
        "The first one begins the cluster. Default: $SLUICE_SEED_NODES, separated by commas;",
        "without any, nodes find each other by sluice.cluster.discovery."
      })
  private List<String> seedNodes;

  /** By the names of the settings; null for those that were not given. */
  Map<String, Object> settings() {
    Map<String, Object> given = new HashMap<>();
    given.put("sluice.cluster.host", host);
    given.put("sluice.cluster.port", port);
    given.put("sluice.cluster.management-port", managementPort);
    given.put("sluice.cluster.seed-nodes", seedNodes);
    return given;
  }
}

package io.sluice.cli;

import com.typesafe.config.Config;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.actor.Address;

/** The nodes that a node asks to let it in. */
final class SeedNodes {
  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:\\s]+|\\[[^\\]]+]):(\\d{1,5})");

  private SeedNodes() {}

  /**
   * In their order; empty if nodes find each other by discovery.
   *
   * @throws Failure if one of them is not a host and a port
   */
  static List<Address> of(Config config) {
    return config.getStringList("sluice.cluster.seed-nodes").stream()
        .map(SeedNodes::parse)
        .toList();
  }

  private static Address parse(String node) {
    var parts = HOST_AND_PORT.matcher(node.strip());
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > io.sluice.cli.Address.PORT_MAX) {
      throw new Failure(
          "The seed node '%s' is not a host and a port.".formatted(node),
          "Name a node by its cluster host and port: --seed-node 127.0.0.1:17355.");
    }
    return new Address("pekko", "sluice", parts.group(1), Integer.parseInt(parts.group(2)));
  }
}

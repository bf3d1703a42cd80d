package io.sluice.load.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Each node in a network namespace of its own, all connected by a bridge in the root namespace,
 * where the database and the clients are. Packets are dropped by iptables within the namespaces;
 * what is there besides is not touched. Gone when this is closed.
 */
final class Namespaces implements Network {
  private static final Pattern COUNT = Pattern.compile("^\\s*(\\d+)\\s+\\d+\\s+DROP\\s");

  private final String tag;
  private final String subnet;
  private final int nodes;
  private final Thread onExit = new Thread(this::remove, "namespaces-remove");

  private Namespaces(String tag, String subnet, int nodes) {
    this.tag = tag;
    this.subnet = subnet;
    this.nodes = nodes;
  }

  /** Why there can be none on this machine, in words for a person; empty if there can. */
  static Optional<String> missing() {
    if (!Shell.isRoot()) {
      return Optional.of("network namespaces need root");
    }
    for (var program : List.of("ip", "iptables")) {
      if (!Shell.attempt(List.of(program, "--version")).isOk()
          && !Shell.attempt(List.of(program, "-V")).isOk()) {
        return Optional.of("there is no '%s'; install iproute2 and iptables".formatted(program));
      }
    }
    return Optional.empty();
  }

  static Namespaces of(int nodes) {
    long own = ProcessHandle.current().pid();
    var spaces =
        new Namespaces(
            "sl" + Long.toHexString(own % 0xFFFF), "10.211.%d.".formatted(own % 250), nodes);
    Runtime.getRuntime().addShutdownHook(spaces.onExit);
    spaces.make();
    return spaces;
  }

  private void make() {
    Shell.run("ip", "link", "add", bridge(), "type", "bridge");
    Shell.run("ip", "addr", "add", outside() + "/24", "dev", bridge());
    Shell.run("ip", "link", "set", bridge(), "up");
    for (int node = 0; node < nodes; node++) {
      var space = space(node);
      var cable = tag + "v" + node;
      Shell.run("ip", "netns", "add", space);
      Shell.run("ip", "link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space);
      Shell.run("ip", "link", "set", cable, "master", bridge(), "up");
      Shell.run("ip", "-n", space, "addr", "add", host(node) + "/24", "dev", "eth0");
      Shell.run("ip", "-n", space, "link", "set", "eth0", "up");
      Shell.run("ip", "-n", space, "link", "set", "lo", "up");
    }
  }

  private String bridge() {
    return tag + "br";
  }

  private String space(int node) {
    return tag + "-" + node;
  }

  @Override
  public boolean canCut() {
    return true;
  }

  @Override
  public String host(int node) {
    return subnet + (10 + node);
  }

  @Override
  public String outside() {
    return subnet + 1;
  }

  @Override
  public List<String> at(int node) {
    return List.of("ip", "netns", "exec", space(node));
  }

  @Override
  public void cut(int node, boolean outsideToo) {
    if (outsideToo) {
      drop(node, "INPUT", "-i", "eth0");
      drop(node, "OUTPUT", "-o", "eth0");
      return;
    }
    for (int other = 0; other < nodes; other++) {
      if (other != node) {
        drop(node, "INPUT", "-s", host(other));
        drop(other, "INPUT", "-s", host(node));
      }
    }
  }

  private void drop(int node, String chain, String... which) {
    var command = new ArrayList<>(at(node));
    command.addAll(List.of("iptables", "-w", "-A", chain));
    command.addAll(List.of(which));
    command.addAll(List.of("-j", "DROP"));
    Shell.run(command);
  }

  @Override
  public long heal() {
    long dropped = 0;
    for (int node = 0; node < nodes; node++) {
      var list = new ArrayList<>(at(node));
      list.addAll(List.of("iptables", "-w", "-nvxL"));
      for (var line : Shell.run(list).lines().toList()) {
        var count = COUNT.matcher(line);
        dropped += count.find() ? Long.parseLong(count.group(1)) : 0;
      }
      var flush = new ArrayList<>(at(node));
      flush.addAll(List.of("iptables", "-w", "-F"));
      Shell.run(flush);
    }
    return dropped;
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(onExit);
    remove();
  }

  private void remove() {
    for (int node = 0; node < nodes; node++) {
      Shell.attempt(List.of("ip", "netns", "del", space(node)));
    }
    Shell.attempt(List.of("ip", "link", "del", bridge()));
  }
}

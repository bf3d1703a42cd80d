package io.sluice.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.URI;
import java.util.Optional;

/**
 * Where a node listens.
 *
 * @param port 0 for any free one
 * @param tls whether only HTTPS is answered
 */
record Address(String host, int port, boolean tls) {
  static final int PORT_MAX = 65_535;

  private static final String OTHER_HOST =
      "Choose an address of this machine with --host: 127.0.0.1, or 0.0.0.0 for all.";

  /** Without TLS. */
  Address(String host, int port) {
    this(host, port, false);
  }

  /** The API as it is told to clients: a wildcard host is none they could connect to. */
  URI api() {
    return URI.create("%s://%s:%d/api".formatted(tls ? "https" : "http", reachable(), port));
  }

  /** Whether only programs of this machine can connect. */
  boolean isLocal() {
    var resolved = new InetSocketAddress(host, port);
    return !resolved.isUnresolved() && resolved.getAddress().isLoopbackAddress();
  }

  private String reachable() {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      default -> host.contains(":") ? "[" + host + "]" : host;
    };
  }

  /**
   * Listens for a moment: before anything is started that would have to be undone.
   *
   * @throws Failure if it is not possible to listen here
   */
  void check() {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
    } catch (IOException refused) {
      throw unusable(refused);
    }
  }

  /** Why it is not possible to listen here, and who does if somebody answers. */
  Failure unusable(Throwable why) {
    var resolved = new InetSocketAddress(host, port);
    if (resolved.isUnresolved()) {
      return new Failure("The host '%s' is not known.".formatted(host), OTHER_HOST, why);
    }
    if (!isOfThisMachine(resolved)) {
      return new Failure(
          "The host '%s' is not an address of this machine.".formatted(host), OTHER_HOST, why);
    }
    var probe = new Probe(new Address(host, port).api(), Optional.empty());
    if (port == 0 || !probe.somebodyListens()) {
      return new Failure(
          "It is not possible to listen at %s:%d: %s.".formatted(host, port, why.getMessage()),
          "Choose another port with --port (0 takes a free one) or another --host.",
          why);
    }
    var who =
        probe
            .prefectVersion()
            .map("A server that speaks the API of Prefect %s answers there"::formatted)
            .orElse("What listens there does not answer like Prefect's API");
    return new Failure(
        "Port %d of %s is taken. %s.".formatted(port, host, who),
        "Stop that program, or choose another port with --port (0 takes a free one).",
        why);
  }

  private static boolean isOfThisMachine(InetSocketAddress address) {
    try {
      return address.getAddress().isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address.getAddress()) != null;
    } catch (IOException unknown) {
      return true;
    }
  }
}

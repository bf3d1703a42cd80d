package io.sluice.load.faults;

import java.util.List;

/** All nodes at 127.0.0.1, told apart by their ports; they cannot be cut off. */
final class Loopback implements Network {
  private static final String HOST = "127.0.0.1";

  @Override
  public boolean canCut() {
    return false;
  }

  @Override
  public String host(int node) {
    return HOST;
  }

  @Override
  public String outside() {
    return HOST;
  }

  @Override
  public List<String> at(int node) {
    return List.of();
  }

  @Override
  public void cut(int node, boolean outsideToo) {
    throw new UnsupportedOperationException("nodes at 127.0.0.1 cannot be cut off");
  }

  @Override
  public long heal() {
    return 0;
  }

  @Override
  public void close() {
    // Nothing was made.
  }
}

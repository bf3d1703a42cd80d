package io.sluice.pool;

/** Learns what happens to work pools. */
@FunctionalInterface
public interface PoolWatch {
  /**
   * Told by the pool's owner, on its node, once the change is written. May not block.
   *
   * @param by what brought the change about
   * @param before null if the pool is new
   * @param after null if it is gone
   */
  void changed(WorkPoolCommand by, PoolState before, PoolState after);
}

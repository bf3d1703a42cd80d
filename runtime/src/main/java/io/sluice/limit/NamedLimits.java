package io.sluice.limit;

import java.util.UUID;

/** Learns what happens to limits that have a name: not to those of queues and pools. */
@FunctionalInterface
public interface NamedLimits {
  /**
   * Told by whoever asked for the change, on the node that was asked, once it is made. May not
   * block.
   *
   * @param before null if the limit is new
   * @param after null if it is gone; may be as it was
   */
  void changed(UUID limit, LimitSettings before, LimitSettings after);
}

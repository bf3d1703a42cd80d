package io.sluice.limit;

import java.util.List;
import java.util.UUID;

/** How a request for slots ended. */
public sealed interface Outcome {

  /**
   * The slots are held.
   *
   * @param limits all existing limits that were asked for, also inactive ones that took nothing
   * @param token fencing token of the lease's first limit; 0 without a lease
   */
  record Acquired(UUID leaseId, List<LimitReply.Face> limits, long token) implements Outcome {}

  /** No room now, in at least this limit; nothing is held. */
  record Waits(UUID leaseId, LimitReply.Busy busy) implements Outcome {}
}

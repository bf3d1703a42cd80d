package io.sluice.limit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How a request for slots ended. */
public sealed interface Outcome {

  /**
   * The slots are held.
   *
   * @param held the claims that were granted; none if nothing held the request back
   * @param limits all existing limits that were asked for, also inactive ones that took nothing
   * @param tokens fencing token of each lease by its limit's id; 0 for slots without a lease
   */
  record Acquired(List<Claim> held, List<LimitReply.Face> limits, Map<UUID, Long> tokens)
      implements Outcome {

    /** The lease held of {@code limit}, if any. */
    public Optional<UUID> leaseOf(UUID limit) {
      return held.stream()
          .filter(claim -> claim.limit().equals(limit))
          .map(Claim::leaseId)
          .findFirst();
    }

    /**
     * The lease of a request that asked for one lease over all its limits.
     *
     * @param random names the lease of nothing, if nothing was held
     */
    public UUID leaseId(UUID random) {
      return held.isEmpty() ? OwnerKey.leaseOfNothing(random) : held.get(0).leaseId();
    }
  }

  /** No room now at least for this claim; nothing is held. */
  record Waits(Claim claim, LimitReply.Busy busy) implements Outcome {}
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Hold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a request wants of one limit.
 *
 * @param leaseId the lease it asks for there; also its name while it waits
 */
public record Claim(UUID limit, UUID leaseId, Hold hold) {

  /** A lease of this limit alone that lives until it is released. */
  public static Claim untilReleased(UUID limit, UUID leaseId) {
    return new Claim(limit, leaseId, new Hold.Leased(null, List.of()));
  }

  /** A lease of this limit alone that lives {@code duration} after each renewal. */
  public static Claim leased(UUID limit, UUID leaseId, Duration duration) {
    return new Claim(limit, leaseId, new Hold.Leased(duration, List.of()));
  }

  /** Whether {@code other} wants the same lease of the same limit. */
  boolean isOfSameLeaseAs(Claim other) {
    return limit.equals(other.limit) && leaseId.equals(other.leaseId);
  }

  /**
   * One lease over all of {@code limits}, which is named after the first, or slots of each without
   * a lease.
   */
  static List<Claim> underOneLease(List<UUID> limits, UUID random, boolean loose, Duration lease) {
    var claims = new ArrayList<Claim>();
    for (var limit : limits) {
      var companions = claims.isEmpty() ? limits.subList(1, limits.size()) : List.<UUID>of();
      claims.add(
          new Claim(
              limit,
              OwnerKey.leaseOf(limits.get(0), random),
              loose ? new Hold.Loose() : new Hold.Leased(lease, companions)));
    }
    return claims;
  }
}

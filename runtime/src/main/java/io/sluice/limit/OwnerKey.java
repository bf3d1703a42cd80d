package io.sluice.limit;

import java.util.UUID;

/**
 * The 60 bits of a limit's id that its leases carry too, so that a lease id names its owner without
 * a lookup. They are the upper half of the UUID without the version digit.
 */
public final class OwnerKey {
  private static final long VERSION_BITS = 0xF000L;
  private static final long LEASE_VERSION = 0x8000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_BITS = 0xC000_0000_0000_0000L;

  private OwnerKey() {}

  /** The sharding entity id that owns the limit or lease {@code id}: 15 hexadecimal digits. */
  public static String of(UUID id) {
    var hex = id.toString();
    return hex.substring(0, 8) + hex.substring(9, 13) + hex.substring(15, 18);
  }

  /**
   * A lease id that names the owner of {@code limitId}; the other 62 bits come from {@code random}
   * and keep it unguessable.
   */
  public static UUID leaseOf(UUID limitId, UUID random) {
    return new UUID(
        limitId.getMostSignificantBits() & ~VERSION_BITS | LEASE_VERSION,
        random.getLeastSignificantBits() & ~VARIANT_BITS | VARIANT);
  }

  /** A lease id of no owner: answered when none of the named limits exists or is active. */
  public static UUID leaseOfNothing(UUID random) {
    return leaseOf(new UUID(0, 0), random);
  }

  /** Whether {@code leaseId} came from {@link #leaseOfNothing}. */
  public static boolean isOfNothing(UUID leaseId) {
    return leaseId.getMostSignificantBits() == LEASE_VERSION;
  }
}

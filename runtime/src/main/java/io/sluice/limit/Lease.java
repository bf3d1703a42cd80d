package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The right to hold slots of one limit.
 *
 * @param id named by the asker; {@link OwnerKey} of it is the owner's key
 * @param slots how many slots it holds, at least 1
 * @param holder who holds it, null if the asker did not say
 * @param duration how long it lives after the last renewal the owner saw, null: until released
 * @param token fencing token, strictly rising per limit, also across failover
 * @param grantedAt the owner's time of the grant
 * @param writtenOff an operator set the active slots below the leases: it may be renewed and
 *     released, but holds no slot any more
 * @param companions the other limits taken in the same request; only the first limit's lease names
 *     them
 */
public record Lease(
    UUID id,
    int slots,
    Holder holder,
    Duration duration,
    long token,
    Instant grantedAt,
    boolean writtenOff,
    List<UUID> companions) {

  public Lease {
    if (slots < 1) {
      throw new IllegalArgumentException("a lease holds at least one slot, not " + slots);
    }
    companions = companions == null ? List.of() : List.copyOf(companions);
  }

  /** Slots that count against the limit: none once written off. */
  public int counted() {
    return writtenOff ? 0 : slots;
  }

  /** Whether it is over when nobody renews it; such a lease can be renewed. */
  boolean endsByItself() {
    return duration != null;
  }

  Lease asWrittenOff() {
    return new Lease(id, slots, holder, duration, token, grantedAt, true, companions);
  }

  /** The same lease with another time to live after each renewal. */
  Lease lasting(Duration duration) {
    return new Lease(id, slots, holder, duration, token, grantedAt, writtenOff, companions);
  }

  /** The same lease without an end: it lives until it is released. */
  Lease withoutEnd() {
    return new Lease(id, slots, holder, null, token, grantedAt, writtenOff, companions);
  }
}

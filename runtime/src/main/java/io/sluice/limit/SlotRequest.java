package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A request for slots of one or several limits: all of them or none.
 *
 * @param slots how many of each, at least 1
 * @param rateLimit see {@link Acquire#rateLimit()}
 * @param loose without a lease
 * @param duration of the lease after each renewal, null: until released
 * @param holder may be null
 * @param since since when the asker waits; decides its place in line
 * @param priority lower goes first
 */
public record SlotRequest(
    int slots,
    boolean rateLimit,
    boolean loose,
    Duration duration,
    Holder holder,
    Instant since,
    int priority) {

  /** One slot with a lease of {@code duration} for {@code holder}. */
  public static SlotRequest leased(Duration duration, Holder holder, Instant since) {
    return new SlotRequest(1, false, false, duration, holder, since, 0);
  }

  Acquire ask(UUID leaseId, List<UUID> companions, IfBusy ifBusy, Style style) {
    var hold = loose ? new Hold.Loose() : new Hold.Leased(duration, companions);
    return new Acquire(leaseId, slots, rateLimit, hold, holder, since, priority, ifBusy, style);
  }
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import java.time.Instant;

/**
 * Who asks for how many slots of one or several limits: all of them or none.
 *
 * @param slots how many of each, at least 1
 * @param rateLimit see {@link Acquire#rateLimit()}
 * @param holder may be null
 * @param since since when the asker waits; decides its place in line
 * @param priority lower goes first
 */
public record SlotRequest(
    int slots, boolean rateLimit, Holder holder, Instant since, int priority) {

  /** One slot. */
  public static SlotRequest one(Holder holder, Instant since) {
    return new SlotRequest(1, false, holder, since, 0);
  }

  Acquire ask(Claim claim, IfBusy ifBusy, Style style) {
    return new Acquire(
        claim.leaseId(), slots, rateLimit, claim.hold(), holder, since, priority, ifBusy, style);
  }
}

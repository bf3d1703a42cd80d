package io.sluice.limit;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of one limit's owner. Defaults and reasons stand in {@code reference.conf} under
 * {@code sluice.limit}.
 *
 * @param lineMax how many may wait at once; the next one is refused
 * @param offerFor how long slots are set aside for an asker that needs other limits as well, and
 *     how long one at another node may take to confirm what it was granted after a wait
 * @param placeSlack how much later than announced a waiter may come back and keep its age
 * @param heldFor how long a held request counts unless it is repeated: longer than its asker waits
 *     for the answer
 * @param overlap how long a former owner may live on beside this one and confirm renewals
 */
public record LimitBounds(
    int lineMax, Duration offerFor, Duration placeSlack, Duration heldFor, Duration overlap) {
  /** How many of the line a {@link LimitReply.View} lists. */
  public static final int LINE_SHOWN = 100;

  /** Beyond this many it makes no difference how many more askers would have their turn. */
  static final int STARTABLE_MAX = 10_000;

  /** How many older waiters are counted one by one for a position; beyond, all count as older. */
  static final int RANK_COUNTED = 1000;

  /**
   * @param config {@code sluice.limit}
   */
  static LimitBounds of(Config config) {
    return new LimitBounds(
        config.getInt("line-max"),
        config.getDuration("offer-for"),
        config.getDuration("place-slack"),
        config.getDuration("held-for"),
        config.getDuration("overlap"));
  }
}

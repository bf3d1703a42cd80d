package io.sluice;

import java.time.Duration;
import java.util.List;

/**
 * What to hold. Immutable: each {@code with…} and {@code heldBy} returns a changed copy.
 *
 * @param limits names of 1 to 100 different limits; the lease holds slots of all of them
 * @param slots how many of each, at least 1
 * @param duration how long the slots stay held after this process was last heard of, 1 s to 1 day;
 *     it is renewed at a third of that
 * @param holder for people who look who holds a slot, at most 200 characters; null for this process
 *     and the thread that asks
 * @param priority who goes first among those who wait; lower first, then who waits longest
 * @param listener told when the lease is lost, null for none
 */
public record LeaseRequest(
    List<String> limits,
    int slots,
    Duration duration,
    String holder,
    int priority,
    LeaseListener listener) {

  /** How long a lease lives without renewal unless the request says otherwise. */
  public static final Duration DEFAULT_DURATION = Duration.ofSeconds(60);

  private static final Duration DURATION_MIN = Duration.ofSeconds(1);
  private static final Duration DURATION_MAX = Duration.ofDays(1);
  private static final int LIMITS_MAX = 100;
  private static final int HOLDER_MAX = 200;

  /**
   * @throws IllegalArgumentException if a value is out of its bounds
   */
  public LeaseRequest {
    limits = limits.stream().distinct().toList();
    if (limits.isEmpty() || limits.size() > LIMITS_MAX) {
      throw new IllegalArgumentException(
          "a lease is of 1 to %d limits, not %d".formatted(LIMITS_MAX, limits.size()));
    }
    if (slots < 1) {
      throw new IllegalArgumentException("a lease holds at least 1 slot, not " + slots);
    }
    if (duration.compareTo(DURATION_MIN) < 0 || duration.compareTo(DURATION_MAX) > 0) {
      throw new IllegalArgumentException(
          "a lease lives %d s to %d s after each renewal, not %s"
              .formatted(DURATION_MIN.toSeconds(), DURATION_MAX.toSeconds(), duration));
    }
    if (holder != null && (holder.isBlank() || holder.length() > HOLDER_MAX)) {
      throw new IllegalArgumentException(
          "the name of a holder has 1 to %d characters, not %d"
              .formatted(HOLDER_MAX, holder.length()));
    }
  }

  /** One slot of each of {@code limits}, for {@link #DEFAULT_DURATION}. */
  public static LeaseRequest of(String... limits) {
    return new LeaseRequest(List.of(limits), 1, DEFAULT_DURATION, null, 0, null);
  }

  public LeaseRequest withSlots(int slots) {
    return new LeaseRequest(limits, slots, duration, holder, priority, listener);
  }

  public LeaseRequest withDuration(Duration duration) {
    return new LeaseRequest(limits, slots, duration, holder, priority, listener);
  }

  public LeaseRequest withPriority(int priority) {
    return new LeaseRequest(limits, slots, duration, holder, priority, listener);
  }

  public LeaseRequest withListener(LeaseListener listener) {
    return new LeaseRequest(limits, slots, duration, holder, priority, listener);
  }

  /** The same, held in the name of {@code holder}. */
  public LeaseRequest heldBy(String holder) {
    return new LeaseRequest(limits, slots, duration, holder, priority, listener);
  }
}

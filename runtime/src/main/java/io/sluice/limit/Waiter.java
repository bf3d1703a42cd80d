package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/**
 * One in line.
 *
 * @param parked true: its request is held and is answered when it is granted; false: it was told to
 *     come back and keeps its place by its age
 * @param backBy when it is forgotten, unless it asks again before
 */
record Waiter(Acquire ask, boolean parked, Instant backBy) {
  /** Who goes first: priority, then age, then id. */
  static final Comparator<Waiter> ORDER =
      Comparator.comparingInt((Waiter waiter) -> waiter.ask.priority())
          .thenComparing(waiter -> waiter.ask.since())
          .thenComparing(waiter -> waiter.ask.leaseId());

  UUID id() {
    return ask.leaseId();
  }

  int slots() {
    return ask.slots();
  }

  boolean isBefore(Waiter other) {
    return ORDER.compare(this, other) < 0;
  }
}

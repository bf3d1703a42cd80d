package io.sluice.prefect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests that were sent back and are about to be made again: their lease id, under which the
 * limit's owner keeps their place, their age and how often they were made. Prefect's client does
 * not name its requests, so they are told apart by who asks for what; of several alike the oldest
 * place goes to the first that returns.
 */
final class Returns {
  /** Beyond this many nobody else's place is remembered; an entry is some 200 bytes. */
  private static final int REMEMBERED_MAX = 100_000;

  /**
   * @param leaseId null if it was never sent back
   * @param attempt how often it was sent back before
   * @param turn after how long it should have its turn
   */
  record Place(UUID leaseId, Instant since, int attempt, Duration turn, Instant until) {

    /** Of a request that is made for the first time. */
    static Place none(Instant now) {
      return new Place(null, now, 0, Duration.ZERO, now);
    }

    /** The place of the same request when it is sent back. */
    Place next(UUID lease, Duration nextTurn, Instant keptUntil) {
      return new Place(lease, since, attempt + 1, nextTurn, keptUntil);
    }
  }

  private final Map<Object, Deque<Place>> places = new ConcurrentHashMap<>();

  /** The oldest place kept for {@code key}, or null. */
  Place take(Object key, Instant now) {
    var taken = new Place[1];
    places.computeIfPresent(
        key,
        (same, kept) -> {
          taken[0] = kept.pollFirst();
          while (taken[0] != null && taken[0].until().isBefore(now)) {
            taken[0] = kept.pollFirst();
          }
          return kept.isEmpty() ? null : kept;
        });
    return taken[0];
  }

  void keep(Object key, Place place, Instant now) {
    if (places.size() >= REMEMBERED_MAX) {
      places.values().removeIf(kept -> kept.stream().allMatch(p -> p.until().isBefore(now)));
    }
    if (places.size() >= REMEMBERED_MAX) {
      return;
    }
    places.compute(
        key,
        (same, kept) -> {
          var line = kept == null ? new ArrayDeque<Place>() : kept;
          line.addLast(place);
          return line;
        });
  }
}

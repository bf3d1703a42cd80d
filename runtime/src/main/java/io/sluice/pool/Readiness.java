package io.sluice.pool;

import io.sluice.queue.WorkQueue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was last said of who serves a pool and its queues: each change of it is said once, whatever
 * becomes of the owner. Pure.
 *
 * @param version rises with every write
 * @param pool null for a pool of agents, which has no status
 * @param since when the pool's status became this one
 * @param event the id of the event that says so
 * @param queues by id
 * @param looksAt when something that is ready may not be so any more, null for never
 */
public record Readiness(
    long version,
    WorkPool.Status pool,
    Instant since,
    UUID event,
    Map<UUID, OfQueue> queues,
    Instant looksAt) {

  /** Silence counts when it is longer than allowed, not as long. */
  private static final Duration TOO_LONG = Duration.ofMillis(1);

  /**
   * @param polled whether workers ask for its runs, be it paused or not
   */
  public record OfQueue(WorkQueue.Status status, boolean polled) {}

  public Readiness {
    queues = Map.copyOf(queues);
  }

  // ---- queries ----

  /** Of a queue that was there when this was said. */
  public Optional<OfQueue> queue(UUID id) {
    return Optional.ofNullable(queues.get(id));
  }

  /**
   * The queues that workers began or ceased to ask for runs.
   *
   * @param before null if the pool is new
   * @param after null if it is gone
   */
  public static List<UUID> turned(PoolState before, PoolState after) {
    var was = polled(before);
    var is = polled(after);
    return Stream.concat(was.stream(), is.stream())
        .filter(queue -> was.contains(queue) != is.contains(queue))
        .toList();
  }

  /**
   * The queues that workers went on to ask for runs, with the time when they had asked before.
   *
   * @param before null if the pool is new
   * @param after null if it is gone
   */
  public static Map<UUID, Instant> askedAgain(PoolState before, PoolState after) {
    var again = new HashMap<UUID, Instant>();
    if (before != null && after != null) {
      for (var queue : after.queues()) {
        before
            .queue(queue.id())
            .map(WorkQueue::lastPolled)
            .filter(was -> !was.equals(queue.lastPolled()))
            .ifPresent(was -> again.put(queue.id(), was));
      }
    }
    return again;
  }

  private static Set<UUID> polled(PoolState state) {
    return state == null || state.readiness() == null
        ? Set.of()
        : state.readiness().queues.entrySet().stream()
            .filter(queue -> queue.getValue().polled())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
  }

  // ---- decisions ----

  /**
   * What is to be said of {@code state}; the same object if nothing changed and it is not time to
   * look again.
   */
  static Readiness of(PoolState state, Instant now) {
    var said = state.readiness();
    var status = state.status(now);
    var queues = new HashMap<UUID, OfQueue>();
    state
        .queues()
        .forEach(
            queue -> queues.put(queue.id(), new OfQueue(queue.status(now), queue.isPolled(now))));
    var looksAt = looksAt(state, now);
    if (said == null) {
      return new Readiness(0, status, now, event(state, 0), queues, looksAt);
    }
    boolean same = said.pool == status && said.queues.equals(queues);
    if (same && said.looksInTime(looksAt, now)) {
      return said;
    }
    boolean stays = said.pool == status;
    return new Readiness(
        said.version + 1,
        status,
        stays ? said.since : now,
        stays ? said.event : event(state, said.version + 1),
        queues,
        looksAt);
  }

  /** A look too early costs little, and the time of it need not move with every heartbeat. */
  private boolean looksInTime(Instant needed, Instant now) {
    return looksAt == null || needed == null
        ? Objects.equals(looksAt, needed)
        : looksAt.isAfter(now) && !looksAt.isAfter(needed);
  }

  private static UUID event(PoolState state, long version) {
    var text = "readiness " + version + " of " + state.pool().id();
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Instant looksAt(PoolState state, Instant now) {
    var polls =
        state.queues().stream().filter(queue -> queue.isPolled(now)).map(WorkQueue::polledUntil);
    var workers =
        state.workers().values().stream()
            .map(worker -> worker.silentAt())
            .filter(silent -> !silent.isBefore(now))
            .max(Instant::compareTo);
    boolean ready = state.status(now) == WorkPool.Status.READY;
    return Stream.concat(polls, ready ? workers.stream() : Stream.of())
        .min(Instant::compareTo)
        .map(until -> until.plus(TOO_LONG))
        .orElse(null);
  }
}

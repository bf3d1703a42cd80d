package io.sluice.queue;

import io.sluice.queue.Sighting.Whereabouts;
import io.sluice.run.StateNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.pcollections.AmortizedPQueue;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PQueue;
import org.pcollections.PSet;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/**
 * The runs of one work queue: those that wait, in the order in which they are due, and those that
 * occupy it. A picture of the runs' own rows, never stored.
 *
 * <p>Pure. Invariant: each run is in exactly one of waiting, occupying and cancelling. The versions
 * of the last {@value #DEPARTED_MAX} runs that left are kept: what was seen of them before comes
 * too late and does not bring them back.
 */
public final class QueuedRuns {
  static final int DEPARTED_MAX = 2000;

  private static final Comparator<Sighting> BY_DUE =
      Comparator.comparing(Sighting::due).thenComparing(Sighting::runId);

  public static final QueuedRuns NONE =
      new QueuedRuns(
          HashTreePMap.empty(), TreePSet.empty(BY_DUE), HashTreePSet.empty(), 0, Departed.NONE);

  private final PMap<UUID, Sighting> byRun;
  private final PSortedSet<Sighting> waiting;
  private final PSet<UUID> occupying;
  private final int cancelling;
  private final Departed departed;

  /** Versions of runs that left, and the order in which they did. */
  private record Departed(PMap<UUID, Long> versions, PQueue<UUID> order) {
    static final Departed NONE = new Departed(HashTreePMap.empty(), AmortizedPQueue.empty());

    boolean isNewerThan(Sighting seen) {
      var version = versions.get(seen.runId());
      return version != null && version > seen.version();
    }

    Departed plus(Sighting last) {
      var kept = versions.size() < DEPARTED_MAX ? this : withoutOldest();
      var order =
          kept.versions.containsKey(last.runId()) ? kept.order : kept.order.plus(last.runId());
      return new Departed(kept.versions.plus(last.runId(), last.version()), order);
    }

    private Departed withoutOldest() {
      return new Departed(versions.minus(order.peek()), order.minus());
    }
  }

  private QueuedRuns(
      PMap<UUID, Sighting> byRun,
      PSortedSet<Sighting> waiting,
      PSet<UUID> occupying,
      int cancelling,
      Departed departed) {
    this.byRun = byRun;
    this.waiting = waiting;
    this.occupying = occupying;
    this.cancelling = cancelling;
    this.departed = departed;
  }

  // ---- queries ----

  public Optional<Sighting> find(UUID runId) {
    return Optional.ofNullable(byRun.get(runId));
  }

  /** Whether {@code seen} tells where a run is that is believed to be elsewhere. */
  public boolean isNews(Sighting seen) {
    var known = byRun.get(seen.runId());
    return known == null
        ? seen.where() != Whereabouts.ELSEWHERE && !departed.isNewerThan(seen)
        : known.version() <= seen.version() && known.where() != seen.where();
  }

  /** All runs of the queue. */
  public Set<UUID> known() {
    return byRun.keySet();
  }

  public boolean isOccupying(UUID runId) {
    return occupying.contains(runId);
  }

  public Set<UUID> occupying() {
    return occupying;
  }

  public int cancelling() {
    return cancelling;
  }

  public int waiting() {
    return waiting.size();
  }

  /** Those due within the window, earliest first, at most {@code max}; bounds may be null. */
  public List<Sighting> due(Instant after, Instant before, int max) {
    var due = new ArrayList<Sighting>();
    for (var run : waiting) {
      if (due.size() >= max || before != null && run.due().isAfter(before)) {
        break;
      }
      if (after == null || !run.due().isBefore(after)) {
        due.add(run);
      }
    }
    return due;
  }

  /** Those that were sent back to wait for a slot and are due only after {@code instant}. */
  public List<Sighting> sentBack(Instant instant, int max) {
    return waiting.stream()
        .filter(run -> run.due().isAfter(instant))
        .filter(run -> StateNames.AWAITING_CONCURRENCY_SLOT.equals(run.stateName()))
        .limit(max)
        .toList();
  }

  /** When the first run after {@code instant} is due. */
  public Optional<Instant> nextDue(Instant instant) {
    for (var run : waiting) {
      if (run.due().isAfter(instant)) {
        return Optional.of(run.due());
      }
    }
    return Optional.empty();
  }

  // ---- changes ----

  /** After {@code seen}, unless something newer is known. */
  public QueuedRuns with(Sighting seen) {
    var known = byRun.get(seen.runId());
    if (known == null ? departed.isNewerThan(seen) : known.version() > seen.version()) {
      return this;
    }
    var others = without(seen.runId());
    return switch (seen.where()) {
      case WAITING -> others.plus(seen, others.waiting.plus(seen), others.occupying, 0);
      case OCCUPYING -> others.plus(seen, others.waiting, others.occupying.plus(seen.runId()), 0);
      case CANCELLING -> others.plus(seen, others.waiting, others.occupying, 1);
      case ELSEWHERE -> others.departed(seen);
    };
  }

  private QueuedRuns plus(
      Sighting seen, PSortedSet<Sighting> waiting, PSet<UUID> occupying, int cancelling) {
    return new QueuedRuns(
        byRun.plus(seen.runId(), seen), waiting, occupying, this.cancelling + cancelling, departed);
  }

  private QueuedRuns departed(Sighting last) {
    return new QueuedRuns(byRun, waiting, occupying, cancelling, departed.plus(last));
  }

  private QueuedRuns without(UUID runId) {
    var known = byRun.get(runId);
    if (known == null) {
      return this;
    }
    return new QueuedRuns(
        byRun.minus(runId),
        known.where() == Whereabouts.WAITING ? waiting.minus(known) : waiting,
        occupying.minus(runId),
        known.where() == Whereabouts.CANCELLING ? cancelling - 1 : cancelling,
        departed);
  }
}

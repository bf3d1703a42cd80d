package io.sluice.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/**
 * Who waits for slots of one limit, in the order of {@link Waiter#ORDER}. Lives in memory only: a
 * waiter is somebody alive who asks, and asks again, with its age, when the owner moved.
 *
 * <p>Only the parked can be granted; the absent, who were told to come back, keep their place for
 * the positions of others and for themselves.
 */
final class Line {
  private static final Comparator<Waiter> RETURN_ORDER =
      Comparator.comparing(Waiter::backBy).thenComparing(Waiter.ORDER);

  static final Line EMPTY =
      new Line(
          HashTreePMap.empty(),
          TreePSet.empty(Waiter.ORDER),
          TreePSet.empty(Waiter.ORDER),
          TreePSet.empty(RETURN_ORDER));

  private final PMap<UUID, Waiter> byId;
  private final PSortedSet<Waiter> parked;
  private final PSortedSet<Waiter> absent;
  private final PSortedSet<Waiter> byReturn;

  private Line(
      PMap<UUID, Waiter> byId,
      PSortedSet<Waiter> parked,
      PSortedSet<Waiter> absent,
      PSortedSet<Waiter> byReturn) {
    this.byId = byId;
    this.parked = parked;
    this.absent = absent;
    this.byReturn = byReturn;
  }

  Optional<Waiter> find(UUID leaseId) {
    return Optional.ofNullable(byId.get(leaseId));
  }

  /** The parked waiter who is next. */
  Optional<Waiter> head() {
    return parked.isEmpty() ? Optional.empty() : Optional.of(parked.first());
  }

  /** The first of those who were told to come back. */
  Optional<Waiter> firstAbsent() {
    return absent.isEmpty() ? Optional.empty() : Optional.of(absent.first());
  }

  /** Since when the one waits who has waited longest, whatever its priority. */
  Optional<Instant> oldest() {
    return byId.values().stream().map(waiter -> waiter.ask().since()).min(Instant::compareTo);
  }

  int size() {
    return byId.size();
  }

  int parkedCount() {
    return parked.size();
  }

  Line with(Waiter waiter) {
    var others = without(waiter.id());
    var ids = others.byId.plus(waiter.id(), waiter);
    return waiter.parked()
        ? new Line(ids, others.parked.plus(waiter), others.absent, others.byReturn.plus(waiter))
        : new Line(ids, others.parked, others.absent.plus(waiter), others.byReturn.plus(waiter));
  }

  Line without(UUID leaseId) {
    var waiter = byId.get(leaseId);
    if (waiter == null) {
      return this;
    }
    var ids = byId.minus(leaseId);
    return waiter.parked()
        ? new Line(ids, parked.minus(waiter), absent, byReturn.minus(waiter))
        : new Line(ids, parked, absent.minus(waiter), byReturn.minus(waiter));
  }

  /** Who did not ask again in time, if anybody. */
  Optional<Waiter> late(Instant now) {
    return byReturn.isEmpty() || byReturn.first().backBy().isAfter(now)
        ? Optional.empty()
        : Optional.of(byReturn.first());
  }

  /** When the next one is late. */
  Optional<Instant> nextLate() {
    return byReturn.isEmpty() ? Optional.empty() : Optional.of(byReturn.first().backBy());
  }

  /** How many wait before {@code waiter}; counts at most {@link LimitBounds#RANK_COUNTED}. */
  int ahead(Waiter waiter) {
    return ahead(waiter, parked) + ahead(waiter, absent);
  }

  private static int ahead(Waiter waiter, PSortedSet<Waiter> line) {
    if (line.isEmpty() || waiter.isBefore(line.first())) {
      return 0;
    }
    if (line.last().isBefore(waiter)) {
      return line.size();
    }
    int ahead = 0;
    for (var other : line) {
      if (!other.isBefore(waiter)) {
        return ahead;
      }
      if (++ahead == LimitBounds.RANK_COUNTED) {
        return line.size();
      }
    }
    return ahead;
  }

  List<Waiter> parked() {
    return List.copyOf(parked);
  }

  /** Parked and absent, next first, at most {@code count}. */
  List<Waiter> first(int count) {
    var all = new ArrayList<Waiter>(parked);
    all.addAll(absent);
    all.sort(Waiter.ORDER);
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }
}

package io.sluice.limit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;

/**
 * When each lease ends unless it is renewed, by the owner's clock. In memory only: a renewal writes
 * nothing, and after a recovery every lease has its full time again.
 */
final class Deadlines {
  private record Deadline(Instant at, UUID leaseId) {}

  private static final Comparator<Deadline> ORDER =
      Comparator.comparing(Deadline::at).thenComparing(Deadline::leaseId);

  static final Deadlines NONE = new Deadlines(HashTreePMap.empty(), TreePSet.empty(ORDER));

  private final PMap<UUID, Instant> byLease;
  private final PSortedSet<Deadline> sorted;

  private Deadlines(PMap<UUID, Instant> byLease, PSortedSet<Deadline> sorted) {
    this.byLease = byLease;
    this.sorted = sorted;
  }

  /** Every lease that ends by itself has its full time from {@code now}. */
  static Deadlines anew(Collection<Lease> leases, Instant now) {
    var deadlines = NONE;
    for (var lease : leases) {
      if (lease.endsByItself()) {
        deadlines = deadlines.with(lease.id(), now.plus(lease.duration()));
      }
    }
    return deadlines;
  }

  Optional<Instant> of(UUID leaseId) {
    return Optional.ofNullable(byLease.get(leaseId));
  }

  Optional<Instant> earliest() {
    return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.first().at());
  }

  Deadlines with(UUID leaseId, Instant at) {
    var others = without(leaseId);
    return new Deadlines(
        others.byLease.plus(leaseId, at), others.sorted.plus(new Deadline(at, leaseId)));
  }

  Deadlines without(UUID leaseId) {
    var at = byLease.get(leaseId);
    return at == null
        ? this
        : new Deadlines(byLease.minus(leaseId), sorted.minus(new Deadline(at, leaseId)));
  }

  /** Leases that are over at {@code now}, earliest first. */
  List<UUID> over(Instant now) {
    var over = new ArrayList<UUID>();
    for (var deadline : sorted) {
      if (deadline.at().isAfter(now)) {
        break;
      }
      over.add(deadline.leaseId());
    }
    return over;
  }
}

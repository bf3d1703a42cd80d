package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/** What is left of leases of one limit that hold nothing of it any more. */
public final class Tombstones {
  static final Tombstones NONE = new Tombstones(HashTreePMap.empty());

  private final PMap<UUID, Tombstone> byLease;

  private Tombstones(PMap<UUID, Tombstone> byLease) {
    this.byLease = byLease;
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Tombstones of(List<Tombstone> stored) {
    var tombstones = NONE;
    for (var tombstone : stored) {
      tombstones = tombstones.with(tombstone);
    }
    return tombstones;
  }

  boolean isEmpty() {
    return byLease.isEmpty();
  }

  Optional<Tombstone> find(UUID leaseId) {
    return Optional.ofNullable(byLease.get(leaseId));
  }

  /** All in the order of their leases' grants, as they are stored. */
  @JsonValue
  public List<Tombstone> oldestFirst() {
    var sorted = new ArrayList<>(byLease.values());
    sorted.sort(Comparator.comparingLong(tombstone -> tombstone.lease().token()));
    return sorted;
  }

  Tombstones with(Tombstone tombstone) {
    return new Tombstones(byLease.plus(tombstone.lease().id(), tombstone));
  }

  Tombstones without(UUID leaseId) {
    return byLease.containsKey(leaseId) ? new Tombstones(byLease.minus(leaseId)) : this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tombstones that && byLease.equals(that.byLease);
  }

  @Override
  public int hashCode() {
    return byLease.hashCode();
  }

  @Override
  public String toString() {
    return oldestFirst().toString();
  }
}

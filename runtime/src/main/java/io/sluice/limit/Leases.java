package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The leases of one limit. The number of slots they hold is an index over them, summed here and
 * nowhere else, so that it cannot drift from the leases; only the leases themselves are stored.
 */
public final class Leases {
  static final Leases NONE = new Leases(HashTreePMap.empty(), 0, 0);

  private final PMap<UUID, Lease> byId;
  private final int slots;
  private final long grantMillis;

  /**
   * @param grantMillis when the slots were granted, summed: for how long they are held at a time
   *     follows without looking at each
   */
  private Leases(PMap<UUID, Lease> byId, int slots, long grantMillis) {
    this.byId = byId;
    this.slots = slots;
    this.grantMillis = grantMillis;
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static Leases of(List<Lease> stored) {
    var leases = NONE;
    for (var lease : stored) {
      leases = leases.with(lease);
    }
    return leases;
  }

  /** Slots that the leases hold together. */
  public int slots() {
    return slots;
  }

  /** For how long the slots have been held at {@code now}, together. */
  Duration heldFor(Instant now) {
    return Duration.ofMillis(Math.max(0, slots * now.toEpochMilli() - grantMillis));
  }

  public int size() {
    return byId.size();
  }

  public boolean isEmpty() {
    return byId.isEmpty();
  }

  public Optional<Lease> find(UUID id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The latest lease of {@code holder}. */
  Optional<Lease> heldBy(Holder holder) {
    return byId.values().stream()
        .filter(lease -> holder.equals(lease.holder()))
        .max(Comparator.comparingLong(Lease::token));
  }

  /** Whether the lease that was granted with {@code token} is there and still holds its slots. */
  boolean hold(long token) {
    return byId.values().stream().anyMatch(l -> l.token() == token && l.counted() > 0);
  }

  /** All leases, in no order. */
  public Collection<Lease> all() {
    return byId.values();
  }

  /** All leases in the order of their grants, as they are stored. */
  @JsonValue
  public List<Lease> oldestFirst() {
    var sorted = new ArrayList<>(byId.values());
    sorted.sort(Comparator.comparingLong(Lease::token));
    return sorted;
  }

  Leases with(Lease lease) {
    var replaced = byId.get(lease.id());
    var others = replaced == null ? this : without(lease.id());
    return new Leases(
        byId.plus(lease.id(), lease),
        others.slots + lease.counted(),
        others.grantMillis + millis(lease));
  }

  Leases without(UUID id) {
    var gone = byId.get(id);
    return gone == null
        ? this
        : new Leases(byId.minus(id), slots - gone.counted(), grantMillis - millis(gone));
  }

  private static long millis(Lease lease) {
    return lease.counted() * lease.grantedAt().toEpochMilli();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Leases that && byId.equals(that.byId);
  }

  @Override
  public int hashCode() {
    return byId.hashCode();
  }

  @Override
  public String toString() {
    return oldestFirst().toString();
  }
}

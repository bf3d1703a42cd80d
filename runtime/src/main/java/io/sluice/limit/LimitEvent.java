package io.sluice.limit;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What happened to a {@link Limit}. Past tense; each event knows the one change it stands for.
 *
 * <p>The stored names below are a contract with every journal ever written: a name keeps its
 * meaning and its fields for ever; a changed meaning gets a new name with the next version, and the
 * old one keeps being read.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LimitEvent.Created.class, name = "limit.created.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Configured.class, name = "limit.configured.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Deleted.class, name = "limit.deleted.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Outlived.class, name = "limit.outlived.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Granted.class, name = "limit.granted.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Released.class, name = "limit.released.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Expired.class, name = "limit.expired.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Revoked.class, name = "limit.revoked.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Forgotten.class, name = "limit.forgotten.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Retimed.class, name = "limit.retimed.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Unbound.class, name = "limit.unbound.v1"),
  @JsonSubTypes.Type(value = LimitEvent.SlotsTaken.class, name = "limit.slots-taken.v1"),
  @JsonSubTypes.Type(value = LimitEvent.SlotsReturned.class, name = "limit.slots-returned.v1"),
  @JsonSubTypes.Type(value = LimitEvent.SlotsOverridden.class, name = "limit.slots-overridden.v1"),
  @JsonSubTypes.Type(value = LimitEvent.Batch.class, name = "limit.batch.v1"),
})
public sealed interface LimitEvent {

  /** The state after this event. Never fails: an event is a fact, not a request. */
  Limit applyTo(Limit limit);

  /** The limit came into being, with {@code activeSlots} loose slots already taken. */
  record Created(UUID id, LimitSettings settings, int activeSlots, Instant at)
      implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.created(id, settings, activeSlots, at);
    }
  }

  /** An operator changed the settings. */
  record Configured(LimitSettings settings, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.configured(settings, at);
    }
  }

  /** The limit is gone, with all leases; what was left of earlier ones stays. */
  record Deleted(Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.deleted();
    }
  }

  /**
   * The limit is gone; its leases that end by themselves hold nothing any more, but may still be
   * renewed.
   */
  record Outlived(Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.outlived();
    }
  }

  /** Slots and lease in one fact: there is no slot without its lease to drift from. */
  record Granted(Lease lease, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.with(lease, at);
    }
  }

  /** The holder, or an operator for it, gave the lease back. */
  record Released(UUID leaseId, double heldSeconds, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.with(limit.leases().without(leaseId), at).observed(heldSeconds);
    }
  }

  /** Nobody renewed the lease in its time. */
  record Expired(UUID leaseId, double heldSeconds, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.with(limit.leases().without(leaseId), at).observed(heldSeconds);
    }
  }

  /**
   * An operator took the lease from its holder, who cannot renew it any more, but still has the
   * slots of other limits to give back.
   */
  record Revoked(UUID leaseId, double heldSeconds, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      var left =
          limit
              .leases()
              .find(leaseId)
              .map(lease -> limit.tombstones().with(new Tombstone(lease, false)))
              .orElse(limit.tombstones());
      return limit.with(limit.leases().without(leaseId), at).with(left).observed(heldSeconds);
    }
  }

  /** Of a lease that held nothing any more nothing is left: it was given back, or is over. */
  record Forgotten(UUID leaseId, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.with(limit.tombstones().without(leaseId));
    }
  }

  /** From now on the lease lives so long after each renewal, also after a recovery. */
  record Retimed(UUID leaseId, Duration duration, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.retimed(leaseId, duration);
    }
  }

  /** The lease no longer ends by itself and can no longer be renewed, only released. */
  record Unbound(UUID leaseId, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit
          .leases()
          .find(leaseId)
          .map(lease -> limit.with(limit.leases().with(lease.withoutEnd()), at))
          .orElse(limit);
    }
  }

  /** Slots were taken without a lease. */
  record SlotsTaken(int slots, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      return limit.plusLoose(slots, at);
    }
  }

  /** Slots were given back without naming a lease; {@code heldSeconds} null if not said. */
  record SlotsReturned(int slots, Double heldSeconds, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      var returned = limit.plusLoose(-slots, at);
      return heldSeconds == null ? returned : returned.observed(heldSeconds / slots);
    }
  }

  /** An operator said how many slots are taken: these leases no longer count, so many are loose. */
  record SlotsOverridden(List<UUID> writtenOff, int loose, Instant at) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      var leases = limit.leases();
      for (var id : writtenOff) {
        var lease = leases.find(id);
        leases = lease.isPresent() ? leases.with(lease.get().asWrittenOff()) : leases;
      }
      return limit.with(leases, at).withLoose(loose, at);
    }
  }

  /** What was decided together and is stored as one row. */
  record Batch(List<LimitEvent> events) implements LimitEvent {
    @Override
    public Limit applyTo(Limit limit) {
      for (var event : events) {
        limit = event.applyTo(limit);
      }
      return limit;
    }
  }
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitOwner.Offer;
import io.sluice.limit.LimitReply.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.PMap;

/**
 * What is held of a limit, while one command is decided: the facts, as the events of this decision
 * leave them, and what follows from the same events but is not stored: when leases end, which
 * grants are to be confirmed, the pace. Who waits is the {@link Turn}'s.
 *
 * <p>Confined to one {@link Turn}; the owner it starts from is not changed.
 */
final class Ledger {
  private final Instant now;
  private final LimitBounds bounds;
  private final List<LimitEvent> events = new ArrayList<>(2);
  private Limit limit;
  private Deadlines deadlines;
  private PMap<UUID, Instant> unconfirmed;
  private Pace pace;

  Ledger(LimitOwner owner, Instant now) {
    this.now = now;
    this.bounds = owner.bounds();
    this.limit = owner.limit();
    this.deadlines = owner.deadlines();
    this.unconfirmed = owner.unconfirmed();
    this.pace = owner.pace();
  }

  /** The facts with all that has happened. */
  Limit limit() {
    return limit;
  }

  List<LimitEvent> events() {
    return List.copyOf(events);
  }

  /** The owner's situation, with those who wait. */
  LimitOwner owner(Line line, PMap<UUID, Offer> offers) {
    return new LimitOwner(limit, line, deadlines, offers, unconfirmed, pace, bounds);
  }

  void happened(LimitEvent event) {
    events.add(event);
    limit = event.applyTo(limit);
  }

  /** What nobody has confirmed is taken back: nobody knows yet that it was granted. */
  void deleted() {
    unconfirmed.keySet().forEach(this::takeBack);
    boolean outlived = limit.leases().all().stream().anyMatch(Lease::endsByItself);
    happened(outlived ? new LimitEvent.Outlived(now) : new LimitEvent.Deleted(now));
  }

  void deletedWithLeases() {
    limit.leases().oldestFirst().forEach(this::revoke);
    happened(new LimitEvent.Deleted(now));
  }

  /** So many slots are taken from now on: leases beyond them are written off, oldest first. */
  void override(int activeSlots) {
    var writtenOff = new ArrayList<UUID>();
    int leased = limit.leases().slots();
    for (var lease : limit.leases().oldestFirst()) {
      if (leased <= activeSlots) {
        break;
      }
      if (lease.counted() > 0) {
        writtenOff.add(lease.id());
        leased -= lease.counted();
      }
    }
    happened(new LimitEvent.SlotsOverridden(writtenOff, activeSlots - leased, now));
  }

  // ---- grants ----

  /**
   * The grant of a lease that is held, null if it is not. Its time begins anew: the earlier answer
   * may never have come, and whoever hears this one counts from its own request. Whoever asks is
   * there: what was handed over is confirmed by that.
   */
  Granted held(UUID leaseId) {
    var lease = limit.leases().find(leaseId).orElse(null);
    if (lease == null) {
      return null;
    }
    unconfirmed = unconfirmed.minus(leaseId);
    begin(lease);
    return granted(lease);
  }

  Granted grant(Acquire ask) {
    if (ask.lease() instanceof Hold.Leased hold) {
      var lease =
          new Lease(
              ask.leaseId(),
              ask.slots(),
              ask.holder(),
              hold.duration(),
              limit.lastToken() + 1,
              now,
              false,
              hold.companions());
      happened(new LimitEvent.Granted(lease, now));
      begin(lease);
      return granted(lease);
    }
    happened(new LimitEvent.SlotsTaken(ask.slots(), now));
    return new Granted(LimitReply.Face.of(limit), 0, List.of());
  }

  private Granted granted(Lease lease) {
    return new Granted(LimitReply.Face.of(limit), lease.token(), lease.companions());
  }

  /** Its holder has to confirm it, or it is taken back. */
  void toBeConfirmed(UUID leaseId) {
    unconfirmed = unconfirmed.plus(leaseId, now.plus(bounds.offerFor()));
  }

  // ---- ends ----

  /** The lease {@code leaseId} if it can be renewed. */
  Optional<Lease> renewable(UUID leaseId) {
    var left = limit.tombstones().find(leaseId);
    return left.isPresent()
        ? left.filter(Tombstone::renewable).map(Tombstone::lease)
        : limit.leases().find(leaseId).filter(Lease::endsByItself);
  }

  /** Starts the lease's time anew. */
  void renew(Lease lease, Duration duration) {
    if (!duration.equals(lease.duration())) {
      happened(new LimitEvent.Retimed(lease.id(), duration, now));
    }
    deadlines = deadlines.with(lease.id(), now.plus(duration));
  }

  private void begin(Lease lease) {
    if (lease.endsByItself()) {
      deadlines = deadlines.with(lease.id(), now.plus(lease.duration()));
    }
  }

  void unbind(UUID leaseId) {
    if (limit.leases().find(leaseId).isPresent()) {
      happened(new LimitEvent.Unbound(leaseId, now));
      deadlines = deadlines.without(leaseId);
    }
  }

  /** Ends a {@linkplain Limit#known known} lease. */
  void end(Lease lease) {
    if (limit.leases().find(lease.id()).isPresent()) {
      release(lease);
    } else {
      forget(lease);
    }
  }

  private void forget(Lease lease) {
    happened(new LimitEvent.Forgotten(lease.id(), now));
    deadlines = deadlines.without(lease.id());
  }

  /**
   * Takes the lease from its holder. If it was taken with other limits and will be over some time,
   * that is kept for its release.
   */
  void revoke(Lease lease) {
    if (lease.endsByItself() && !lease.companions().isEmpty()) {
      var deadline = deadlines.of(lease.id()).orElse(now);
      freed(lease, new LimitEvent.Revoked(lease.id(), heldFor(lease), now));
      deadlines = deadlines.with(lease.id(), deadline);
    } else {
      release(lease);
    }
  }

  void release(Lease lease) {
    freed(lease, new LimitEvent.Released(lease.id(), heldFor(lease), now));
  }

  /** What was handed over and is not confirmed. */
  void takeBack(UUID leaseId) {
    if (unconfirmed.containsKey(leaseId)) {
      unconfirmed = unconfirmed.minus(leaseId);
      limit.leases().find(leaseId).ifPresent(this::release);
    }
  }

  /** Slots came back that no lease is named for, held for {@code heldSeconds} together. */
  void returned(int slots, Double heldSeconds) {
    happened(new LimitEvent.SlotsReturned(slots, heldSeconds, now));
    if (heldSeconds != null) {
      pace = pace.freed(Duration.ofNanos((long) (heldSeconds / slots * 1e9)), slots);
    }
  }

  /** Ends the leases that nobody renewed, and takes back what nobody confirmed. */
  void endWhatIsOver() {
    for (var leaseId : deadlines.over(now)) {
      limit
          .leases()
          .find(leaseId)
          .ifPresentOrElse(
              lease -> freed(lease, new LimitEvent.Expired(leaseId, heldFor(lease), now)),
              () -> limit.tombstones().find(leaseId).map(Tombstone::lease).ifPresent(this::forget));
    }
    for (var handedOver : unconfirmed.entrySet()) {
      if (!handedOver.getValue().isAfter(now)) {
        takeBack(handedOver.getKey());
      }
    }
  }

  private void freed(Lease lease, LimitEvent event) {
    happened(event);
    deadlines = deadlines.without(lease.id());
    unconfirmed = unconfirmed.minus(lease.id());
    pace = pace.freed(Duration.between(lease.grantedAt(), now), lease.counted());
  }

  private double heldFor(Lease lease) {
    return Math.max(0, Duration.between(lease.grantedAt(), now).toNanos() / 1e9);
  }
}

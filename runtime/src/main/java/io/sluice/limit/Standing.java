package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a limit stands, for whoever measures it: its figures, and for how long slots were free while
 * somebody waited who could have taken them.
 *
 * <p>Idle time is counted in slot-seconds, from below: two slots free for a second while one
 * request for one slot waits are one. A slot is free from the moment it may be taken, whether its
 * owner has noticed or not: a lease is over at its deadline, a decayed slot is there when it has
 * decayed. A slot that is set aside for a request that needs other limits too is not free.
 *
 * <p>Pure and never changed, so it may be read by any thread.
 */
public final class Standing {
  private static final double NANOS = 1e9;

  private final LimitOwner owner;
  private final Instant at;
  private final double idleHeld;
  private final double idleAway;

  private Standing(LimitOwner owner, Instant at, double idleHeld, double idleAway) {
    this.owner = owner;
    this.at = at;
    this.idleHeld = idleHeld;
    this.idleAway = idleAway;
  }

  static Standing of(LimitOwner owner, Instant now) {
    return new Standing(owner, now, 0, 0);
  }

  /** How it stands when {@code after} is the situation from {@code now} on. */
  Standing then(LimitOwner after, Instant now) {
    return new Standing(after, now, idleWithHeld(now), idleWithAway(now));
  }

  /** Whether there is such a limit; if not, nothing else may be asked. */
  public boolean exists() {
    return owner.limit().exists();
  }

  public String name() {
    return owner.limit().name();
  }

  public int slots() {
    return owner.limit().slots();
  }

  /** Slots that are taken at {@code now}, less what has decayed by then. */
  public int inUse(Instant now) {
    return owner.limit().activeSlots(now);
  }

  public int leases() {
    return owner.limit().leases().size();
  }

  /** How many requests are held until they are granted. */
  public int held() {
    return owner.line().parkedCount();
  }

  /** How many were told to come back and keep their place until then. */
  public int away() {
    return owner.line().size() - owner.line().parkedCount();
  }

  /** Since when the one waits who has waited longest. Looks at each in line. */
  public Optional<Instant> oldest() {
    return owner.line().oldest();
  }

  /** Slot-seconds up to {@code now} that were idle while a held request could have had them. */
  public double idleWithHeld(Instant now) {
    var head = owner.line().head();
    return idleHeld + head.map(waiter -> idle(waiter, held(), now)).orElse(0.0);
  }

  /** The same for those who are away, as long as no older request that is held blocks them. */
  public double idleWithAway(Instant now) {
    var first = owner.line().firstAbsent().filter(this::isFirst);
    return idleAway + first.map(waiter -> idle(waiter, away(), now)).orElse(0.0);
  }

  private boolean isFirst(Waiter absent) {
    return owner.line().head().map(absent::isBefore).orElse(true);
  }

  private double idle(Waiter first, int waiters, Instant now) {
    return fitsSince(first, now)
        .map(since -> wanted(first, waiters) * seconds(since, now))
        .orElse(0.0);
  }

  private int wanted(Waiter first, int waiters) {
    int room = slots() - owner.occupied(at);
    boolean roomGrows = owner.limit().settings().decays();
    return roomGrows ? first.slots() : Math.max(first.slots(), Math.min(room, waiters));
  }

  /** Since when the slots are free that the first of those who are held asks for, if they are. */
  Optional<Instant> freeSince(Instant now) {
    return owner.line().head().flatMap(head -> fitsSince(head, now));
  }

  private Optional<Instant> fitsSince(Waiter first, Instant now) {
    var limit = owner.limit();
    if (!limit.exists() || !limit.settings().active()) {
      return Optional.empty();
    }
    if (owner.fits(first.slots(), at)) {
      return Optional.of(at);
    }
    if (limit.settings().decays()) {
      var decayed = at.plus(limit.untilDecayed(first.slots() + owner.offered(), at));
      return Optional.of(decayed).filter(since -> !since.isAfter(now));
    }
    return overdue(first.slots(), now);
  }

  /** When so many slots were free because leases were over that are not looked at yet. */
  private Optional<Instant> overdue(int slots, Instant now) {
    int room = slots() - owner.occupied(at);
    for (var leaseId : owner.deadlines().over(now)) {
      room += owner.limit().leases().find(leaseId).map(Lease::counted).orElse(0);
      if (room >= slots) {
        return owner.deadlines().of(leaseId).map(over -> over.isBefore(at) ? at : over);
      }
    }
    return Optional.empty();
  }

  private static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos()) / NANOS;
  }
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * What the owner of a limit knows: its facts, which are persisted, and the moment, which is not:
 * the line, the deadlines of leases, the offers, the grants to confirm, the pace.
 *
 * <p>Invariants after every {@link Turn}: no grant but by force left more slots taken than the
 * limit has; nobody is parked whose request would fit at the head of the line; every lease that
 * ends by itself has a deadline, and so has everything that is left of one.
 *
 * @param unconfirmed until when those must confirm their leases to whom they were handed over
 */
record LimitOwner(
    Limit limit,
    Line line,
    Deadlines deadlines,
    PMap<UUID, Offer> offers,
    PMap<UUID, Instant> unconfirmed,
    Pace pace,
    LimitBounds bounds) {

  /** Slots set aside for {@code ask} until {@code until}. */
  record Offer(Acquire ask, Instant until) {}

  /**
   * The owner after a start or a recovery: every lease has its full time again, from when a former
   * owner, which may live on for a while, can have renewed it at the latest.
   */
  static LimitOwner recovered(Limit limit, LimitBounds bounds, Instant now) {
    return new LimitOwner(
        limit,
        Line.EMPTY,
        Deadlines.anew(limit.known(), now.plus(bounds.overlap())),
        HashTreePMap.empty(),
        HashTreePMap.empty(),
        Pace.UNKNOWN,
        bounds);
  }

  /** Slots held or set aside. */
  int occupied(Instant now) {
    return limit.activeSlots(now) + offered();
  }

  boolean fits(int more, Instant now) {
    return (long) occupied(now) + more <= limit.slots();
  }

  int offered() {
    int sum = 0;
    for (var offer : offers.values()) {
      sum += offer.ask().slots();
    }
    return sum;
  }

  /**
   * When slots for the waiter at {@code position} should be free: by decay, measured holds or age.
   */
  Duration estimate(int position, int slots, Instant now) {
    int ahead = position - 1;
    if (limit.settings().decays()) {
      return limit.untilDecayed(ahead + slots + offered(), now);
    }
    int all = Math.max(1, limit.slots());
    var hold = hold(now);
    return hold == null
        ? oldestHold(now).multipliedBy(ahead / all + 1L)
        : hold.multipliedBy(ahead + (long) slots).dividedBy(all);
  }

  /**
   * How many more askers than are in line would have their turn {@code within}, by what was
   * measured of holds; as long as nothing was, many.
   */
  int startable(Duration within, int atLeast, Instant now) {
    if (limit.slots() == 0) {
      return 0;
    }
    int room = Math.max(0, limit.slots() - occupied(now));
    int more = room + Math.max(freedWithin(within, now), atLeast) - line.size();
    return Math.max(0, Math.min(more, LimitBounds.STARTABLE_MAX));
  }

  private int freedWithin(Duration within, Instant now) {
    var hold = hold(now);
    if (hold == null) {
      return oldestHold(now).compareTo(within) < 0 ? LimitBounds.STARTABLE_MAX : 0;
    }
    double each = (double) Math.max(1, hold.toNanos()) / limit.slots();
    return (int) Math.min(within.toNanos() / each, LimitBounds.STARTABLE_MAX);
  }

  private Duration hold(Instant now) {
    return pace.hold(limit.leases().heldFor(now));
  }

  /** For how long the oldest lease has been held; zero if there is none. */
  private Duration oldestHold(Instant now) {
    var oldest = now;
    for (var lease : limit.leases().all()) {
      if (lease.grantedAt().isBefore(oldest)) {
        oldest = lease.grantedAt();
      }
    }
    return Duration.between(oldest, now);
  }

  /**
   * When the owner must look again by itself: an expiry, a lapsed offer, a grant that was not
   * confirmed, a slot decayed, somebody in line who is to be forgotten.
   */
  Optional<Instant> nextDue(Instant now) {
    var offerEnd = offers.values().stream().map(Offer::until).min(Instant::compareTo);
    var confirmed = unconfirmed.values().stream().min(Instant::compareTo);
    return Stream.of(deadlines.earliest(), offerEnd, confirmed, headDecays(now), line.nextLate())
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private Optional<Instant> headDecays(Instant now) {
    if (!limit.exists() || !limit.settings().decays()) {
      return Optional.empty();
    }
    return line.head().map(head -> now.plus(limit.untilDecayed(head.slots() + offered(), now)));
  }

  LimitFigures figures(Instant now) {
    return limit.exists()
        ? new LimitFigures(
            limit.name(),
            true,
            limit.settings().active(),
            limit.slots(),
            limit.activeSlots(now),
            line.size())
        : new LimitFigures("", false, false, 0, 0, 0);
  }

  /** All that there is to see. */
  LimitReply.View view(Instant now) {
    var leases =
        limit.leases().oldestFirst().stream()
            .map(l -> new LimitReply.HeldLease(l, deadlines.of(l.id()).orElse(null)))
            .toList();
    var waiting =
        line.first(LimitBounds.LINE_SHOWN).stream()
            .map(
                w ->
                    new LimitReply.Waiting(
                        w.id(), w.ask().holder(), w.slots(), w.ask().since(), w.parked()))
            .toList();
    return new LimitReply.View(
        limit.id(),
        limit.settings(),
        limit.created(),
        limit.updated(),
        limit.activeSlots(now),
        limit.occupancySeconds(),
        leases,
        waiting,
        line.size());
  }
}

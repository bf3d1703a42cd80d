package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitOwner.Offer;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.NoSuchLimit;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.limit.LimitReply.Skipped;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * One command's turn at a limit's owner: collects what happens and who is told, beginning with the
 * command itself and ending with a grant for everybody at the head of the line who now fits. So a
 * release and the next grant are one decision, one write.
 *
 * <p>Confined to one call of {@link LimitCommand#decide}; the owner it starts from is not changed.
 */
final class Turn {
  private final Instant now;
  private final LimitBounds bounds;
  private final List<LimitEvent> events = new ArrayList<>(2);
  private final Map<UUID, LimitReply> woken = new LinkedHashMap<>();
  private Limit limit;
  private Line line;
  private Deadlines deadlines;
  private PMap<UUID, Offer> offers;
  private PMap<UUID, Instant> unconfirmed;
  private Pace pace;

  Turn(LimitOwner owner, Instant now) {
    this.now = now;
    this.bounds = owner.bounds();
    this.limit = owner.limit();
    this.line = owner.line();
    this.deadlines = owner.deadlines();
    this.offers = owner.offers();
    this.unconfirmed = owner.unconfirmed();
    this.pace = owner.pace();
  }

  // ---- settings ----

  Decision create(LimitCommand.Create ask) {
    if (limit.exists()) {
      return end(new Refused(new Rejection.LimitNameTaken(ask.settings().name())));
    }
    happened(new LimitEvent.Created(ask.id(), ask.settings(), ask.activeSlots(), now));
    ask.adopted().forEach(this::grant);
    return end(Done.DONE);
  }

  Decision configure(LimitCommand.Configure ask) {
    if (!limit.exists()) {
      return end(new NoSuchLimit());
    }
    if (!ask.settings().equals(limit.settings())) {
      happened(new LimitEvent.Configured(ask.settings(), now));
    }
    if (ask.activeSlots() != null) {
      override(ask.activeSlots());
    }
    return end(Done.DONE);
  }

  private void override(int activeSlots) {
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

  Decision delete() {
    if (!limit.exists()) {
      return end(new NoSuchLimit());
    }
    happened(new LimitEvent.Deleted(now));
    deadlines = Deadlines.NONE;
    unconfirmed = HashTreePMap.empty();
    return end(Done.DONE);
  }

  // ---- slots ----

  Decision acquire(Acquire ask) {
    var earlier = line.find(ask.leaseId()).filter(Waiter::parked).map(this::heldAnew);
    forgetLate();
    var known = line.find(ask.leaseId());
    var answer = atOnce(ask);
    if (answer != null) {
      line = line.without(ask.leaseId());
    } else if (known.isEmpty() && line.size() >= bounds.lineMax()) {
      answer = new Refused(new Rejection.LineFull(limit.name(), bounds.lineMax()));
    } else {
      answer = standInLine(known.map(w -> w.ask().with(ask.ifBusy(), ask.style())).orElse(ask));
    }
    // The same request was sent before and is held: the later one takes its place.
    earlier.ifPresent(busy -> woken.put(ask.leaseId(), busy));
    return end(answer);
  }

  /** The answer after a place in line was taken; null if the request is parked there. */
  private LimitReply standInLine(Acquire ask) {
    var waiter = held(ask);
    line = line.with(waiter);
    woundYounger(waiter);
    grantInLine();
    var granted = woken.remove(ask.leaseId());
    if (granted != null) {
      var held = held(ask.leaseId());
      return held == null ? granted : held;
    }
    return ask.ifBusy() == IfBusy.PARK ? null : turnAway(waiter, ask.ifBusy());
  }

  /** The answer to a request that need not stand in line; null if it has to. */
  private LimitReply atOnce(Acquire ask) {
    if (!limit.exists()) {
      return new NoSuchLimit();
    }
    var held = held(ask.leaseId());
    if (held != null) {
      return held;
    }
    if (offers.containsKey(ask.leaseId()) && ask.style() == Style.OFFER) {
      return new Offered(face());
    }
    offers = offers.minus(ask.leaseId());
    if (ask.style() == Style.FORCE) {
      return grant(ask);
    }
    if (!limit.settings().active()) {
      return new Skipped(face());
    }
    if (ask.slots() > limit.slots()) {
      return new Refused(new Rejection.MoreThanLimit(limit.name(), ask.slots(), limit.slots()));
    }
    if (ask.rateLimit() && !limit.settings().decays()) {
      return new Refused(new Rejection.RateNeedsDecay(List.of(limit.name())));
    }
    return inPlaceOfEarlier(ask);
  }

  /**
   * A task run holds slots of its tag once. If it asks for as many again, it does not know of its
   * lease, because the answer was lost: the new lease takes that one's place, in line before all
   * others, and no second slot is gone.
   */
  private LimitReply inPlaceOfEarlier(Acquire ask) {
    boolean once =
        limit.settings().isOfTag()
            && ask.lease() instanceof Hold.Leased
            && ask.holder() != null
            && ask.holder().type() == Holder.Type.TASK_RUN;
    var earlier =
        once
            ? limit.leases().heldBy(ask.holder()).filter(held -> held.slots() == ask.slots())
            : Optional.<Lease>empty();
    earlier.ifPresent(this::release);
    return earlier.filter(held -> !held.writtenOff()).map(held -> grant(ask)).orElse(null);
  }

  /**
   * The grant of a lease that is held, null if it is not. Its time begins anew: the earlier answer
   * may never have come, and whoever hears this one counts from its own request. Whoever asks is
   * there: what was handed over is confirmed by that.
   */
  private Granted held(UUID leaseId) {
    var lease = limit.leases().find(leaseId).orElse(null);
    if (lease == null) {
      return null;
    }
    unconfirmed = unconfirmed.minus(leaseId);
    if (lease.duration() != null) {
      deadlines = deadlines.with(leaseId, now.plus(lease.duration()));
    }
    return new Granted(face(), lease.token(), lease.companions());
  }

  private Waiter held(Acquire ask) {
    return new Waiter(ask, true, now.plus(bounds.heldFor()));
  }

  /** Its asker is alive. What its earlier request is answered. */
  private Busy heldAnew(Waiter waiter) {
    line = line.with(held(waiter.ask()));
    return busy(waiter);
  }

  private Busy turnAway(Waiter waiter, IfBusy ifBusy) {
    var busy = busy(waiter);
    line =
        ifBusy == IfBusy.KEEP_PLACE
            ? line.with(absent(waiter, busy.estimate()))
            : line.without(waiter.id());
    return busy;
  }

  private Waiter absent(Waiter waiter, Duration away) {
    return new Waiter(waiter.ask(), false, now.plus(away).plus(bounds.placeSlack()));
  }

  private Busy busy(Waiter waiter) {
    int position = line.ahead(waiter) + 1;
    var estimate = owner().estimate(position, waiter.slots(), now);
    return new Busy(face(), limit.activeSlots(now), position, estimate);
  }

  Decision confirm(UUID leaseId) {
    var held = held(leaseId);
    if (held != null) {
      return end(held);
    }
    var offer = offers.get(leaseId);
    if (offer == null || !limit.exists()) {
      return end(new Refused(new Rejection.LeaseGone(leaseId)));
    }
    offers = offers.minus(leaseId);
    return end(grant(offer.ask()));
  }

  Decision decline(UUID leaseId) {
    offers = offers.minus(leaseId);
    takeBack(leaseId);
    return end(Done.DONE);
  }

  /** What was handed over and is not confirmed. */
  private void takeBack(UUID leaseId) {
    if (unconfirmed.containsKey(leaseId)) {
      unconfirmed = unconfirmed.minus(leaseId);
      limit.leases().find(leaseId).ifPresent(this::release);
    }
  }

  Decision withdraw(LimitCommand.Withdraw ask) {
    var waiter = line.find(ask.leaseId());
    leaveLine(ask.leaseId());
    if (ask.keepPlace() != null && waiter.isPresent()) {
      line = line.with(absent(waiter.get(), ask.keepPlace()));
    }
    if (ask.keepPlace() == null) {
      offers = offers.minus(ask.leaseId());
      limit.leases().find(ask.leaseId()).ifPresent(this::release);
    }
    return end(Done.DONE);
  }

  /** Of those in line; the parked among them are answered, though nobody may listen. */
  private void forgetLate() {
    for (var late = line.late(now); late.isPresent(); late = line.late(now)) {
      leaveLine(late.get().id());
    }
  }

  private void leaveLine(UUID leaseId) {
    line.find(leaseId)
        .filter(Waiter::parked)
        .ifPresent(waiter -> woken.put(leaseId, limit.exists() ? busy(waiter) : new NoSuchLimit()));
    line = line.without(leaseId);
  }

  // ---- leases ----

  Decision renew(LimitCommand.Renew ask) {
    var lease = limit.leases().find(ask.leaseId());
    if (lease.isEmpty() || lease.get().duration() == null) {
      return notThere(new Refused(new Rejection.LeaseGone(ask.leaseId())));
    }
    if (!ask.duration().equals(lease.get().duration())) {
      happened(new LimitEvent.Retimed(ask.leaseId(), ask.duration(), now));
    }
    deadlines = deadlines.with(ask.leaseId(), now.plus(ask.duration()));
    return end(new Done(lease.get().companions()));
  }

  Decision release(LimitCommand.Release ask) {
    var lease =
        limit
            .leases()
            .find(ask.leaseId())
            .filter(held -> ask.token() == null || ask.token() == held.token());
    if (ask.token() == null) {
      leaveLine(ask.leaseId());
      offers = offers.minus(ask.leaseId());
    }
    if (lease.isEmpty()) {
      return notThere(Done.DONE);
    }
    release(lease.get());
    return end(new Done(lease.get().companions()));
  }

  Decision releaseLone(UUID leaseId) {
    var others = limit.leases().find(leaseId).map(Lease::companions).orElse(List.of());
    return others.isEmpty() ? release(LimitCommand.Release.any(leaseId)) : end(new Done(others));
  }

  Decision unbind(UUID leaseId) {
    if (limit.leases().find(leaseId).isPresent()) {
      happened(new LimitEvent.Unbound(leaseId, now));
      deadlines = deadlines.without(leaseId);
    }
    return end(Done.DONE);
  }

  Decision giveBack(LimitCommand.GiveBack ask) {
    if (!limit.exists()) {
      return end(new NoSuchLimit());
    }
    happened(new LimitEvent.SlotsReturned(ask.slots(), ask.heldSeconds(), now));
    if (ask.heldSeconds() != null) {
      var hold = Duration.ofNanos((long) (ask.heldSeconds() / ask.slots() * 1e9));
      pace = pace.freed(hold, ask.slots());
    }
    return end(new Done(List.of()));
  }

  Decision reset(LimitCommand.Reset ask) {
    if (!limit.exists()) {
      return end(new NoSuchLimit());
    }
    limit.leases().oldestFirst().forEach(this::release);
    happened(new LimitEvent.SlotsOverridden(List.of(), 0, now));
    ask.instead().forEach(this::grant);
    return end(Done.DONE);
  }

  Decision retain(LimitCommand.Retain ask) {
    for (var lease : limit.leases().oldestFirst()) {
      boolean old = lease.grantedAt().isBefore(ask.before());
      if (lease.duration() == null && old && !ask.kept().contains(lease.id())) {
        release(lease);
      }
    }
    return end(Done.DONE);
  }

  Decision due() {
    for (var leaseId : deadlines.over(now)) {
      deadlines = deadlines.without(leaseId);
      limit
          .leases()
          .find(leaseId)
          .ifPresent(lease -> freed(lease, new LimitEvent.Expired(leaseId, heldFor(lease), now)));
    }
    for (var offer : offers.values()) {
      if (!offer.until().isAfter(now)) {
        offers = offers.minus(offer.ask().leaseId());
      }
    }
    for (var handedOver : unconfirmed.entrySet()) {
      if (!handedOver.getValue().isAfter(now)) {
        takeBack(handedOver.getKey());
      }
    }
    return end(null);
  }

  Decision get() {
    return limit.exists() ? end(owner().view(now)) : end(new NoSuchLimit());
  }

  Decision outlook(LimitCommand.Outlook ask) {
    forgetLate();
    boolean limited = limit.exists() && limit.settings().active();
    int askers = limited ? owner().startable(ask.within(), ask.atLeast(), now) : 0;
    return end(new LimitReply.Outlook(limited, askers));
  }

  // ---- what happens ----

  private void happened(LimitEvent event) {
    events.add(event);
    limit = event.applyTo(limit);
  }

  private Granted grant(Acquire ask) {
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
      if (hold.duration() != null) {
        deadlines = deadlines.with(lease.id(), now.plus(hold.duration()));
      }
      return new Granted(face(), lease.token(), lease.companions());
    }
    happened(new LimitEvent.SlotsTaken(ask.slots(), now));
    return new Granted(face(), 0, List.of());
  }

  private void release(Lease lease) {
    freed(lease, new LimitEvent.Released(lease.id(), heldFor(lease), now));
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

  /** An older asker takes the place of younger ones whose slots are only set aside. */
  private void woundYounger(Waiter waiter) {
    if (offers.isEmpty() || owner().fits(waiter.slots(), now)) {
      return;
    }
    for (var offer : offers.values()) {
      if (waiter.isBefore(new Waiter(offer.ask(), true, null))) {
        offers = offers.minus(offer.ask().leaseId());
      }
    }
  }

  /** Slots set aside count for nothing when an operator took the room for them away. */
  private void dropOffersBeyondLimit() {
    while (!offers.isEmpty() && limit.exists() && !owner().fits(0, now)) {
      var youngest =
          offers.values().stream()
              .map(offer -> new Waiter(offer.ask(), true, null))
              .max(Waiter.ORDER)
              .orElseThrow();
      offers = offers.minus(youngest.id());
    }
  }

  /** Grants while the head of the line fits; a limit that is gone or inactive lets all go. */
  private void grantInLine() {
    if (!limit.exists() || !limit.settings().active()) {
      for (var waiter : line.parked()) {
        wake(waiter, limit.exists() ? new Skipped(face()) : new NoSuchLimit());
      }
      return;
    }
    for (var head = line.head(); head.isPresent(); head = line.head()) {
      var waiter = head.get();
      if (waiter.slots() > limit.slots()) {
        var why = new Rejection.MoreThanLimit(limit.name(), waiter.slots(), limit.slots());
        wake(waiter, new Refused(why));
      } else if (!owner().fits(waiter.slots(), now)) {
        return;
      } else if (waiter.ask().style() == Style.OFFER) {
        offers = offers.plus(waiter.id(), new Offer(waiter.ask(), now.plus(bounds.offerFor())));
        wake(waiter, new Offered(face()));
      } else {
        wake(waiter, handOver(waiter.ask()));
      }
    }
  }

  private LimitReply handOver(Acquire ask) {
    var granted = grant(ask);
    if (ask.style() != Style.HAND_OVER) {
      return granted;
    }
    unconfirmed = unconfirmed.plus(ask.leaseId(), now.plus(bounds.offerFor()));
    return new Offered(face());
  }

  private void wake(Waiter waiter, LimitReply reply) {
    line = line.without(waiter.id());
    woken.put(waiter.id(), reply);
  }

  private LimitReply.Face face() {
    return owner().face();
  }

  private LimitOwner owner() {
    return new LimitOwner(limit, line, deadlines, offers, unconfirmed, pace, bounds);
  }

  /** The answer that a lease is not there: true only of who still owns a limit that exists. */
  private Decision notThere(LimitReply reply) {
    return end(reply, limit.exists());
  }

  private Decision end(LimitReply reply) {
    return end(reply, false);
  }

  private Decision end(LimitReply reply, boolean ownerOnly) {
    dropOffersBeyondLimit();
    forgetLate();
    grantInLine();
    var told = Collections.unmodifiableMap(woken);
    return new Decision(owner(), List.copyOf(events), reply, told, ownerOnly);
  }
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitOwner.Offer;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.NoSuchLimit;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Overtaken;
import io.sluice.limit.LimitReply.Refused;
import io.sluice.limit.LimitReply.Skipped;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
  private final Ledger ledger;
  private final Map<UUID, LimitReply> woken = new LinkedHashMap<>();
  private Line line;
  private PMap<UUID, Offer> offers;

  Turn(LimitOwner owner, Instant now) {
    this.now = now;
    this.bounds = owner.bounds();
    this.ledger = new Ledger(owner, now);
    this.line = owner.line();
    this.offers = owner.offers();
  }

  // ---- settings ----

  Decision create(LimitCommand.Create ask) {
    if (limit().exists()) {
      return end(new Refused(new Rejection.LimitNameTaken(ask.settings().name())));
    }
    ledger.happened(new LimitEvent.Created(ask.id(), ask.settings(), ask.activeSlots(), now));
    ask.adopted().forEach(ledger::grant);
    return end(Done.DONE);
  }

  Decision configure(LimitCommand.Configure ask) {
    if (!limit().exists()) {
      return end(new NoSuchLimit());
    }
    if (ask.instead() != null && !ask.instead().equals(limit().settings())) {
      return end(new Overtaken());
    }
    if (!ask.settings().equals(limit().settings())) {
      ledger.happened(new LimitEvent.Configured(ask.settings(), now));
    }
    if (ask.activeSlots() != null) {
      ledger.override(ask.activeSlots());
    }
    return end(Done.DONE);
  }

  Decision delete() {
    if (!limit().exists()) {
      return end(new NoSuchLimit());
    }
    ledger.deleted();
    return end(Done.DONE);
  }

  Decision deleteWithLeases() {
    if (!limit().exists()) {
      return end(new NoSuchLimit());
    }
    ledger.deletedWithLeases();
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
      answer = new Refused(new Rejection.LineFull(limit().name(), bounds.lineMax()));
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
      var held = ledger.held(ask.leaseId());
      return held == null ? granted : held;
    }
    return ask.ifBusy() == IfBusy.PARK ? null : turnAway(waiter, ask.ifBusy());
  }

  /** The answer to a request that need not stand in line; null if it has to. */
  private LimitReply atOnce(Acquire ask) {
    if (!limit().exists()) {
      return new NoSuchLimit();
    }
    var held = ledger.held(ask.leaseId());
    if (held != null) {
      return held;
    }
    if (offers.containsKey(ask.leaseId()) && ask.style() == Style.OFFER) {
      return new Offered(face());
    }
    offers = offers.minus(ask.leaseId());
    if (ask.style() == Style.FORCE) {
      return ledger.grant(ask);
    }
    if (!limit().settings().active()) {
      return new Skipped(face());
    }
    if (ask.slots() > limit().slots()) {
      return new Refused(new Rejection.MoreThanLimit(limit().name(), ask.slots(), limit().slots()));
    }
    if (ask.rateLimit() && !limit().settings().decays()) {
      return new Refused(new Rejection.RateNeedsDecay(List.of(limit().name())));
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
        LimitKind.TAG.names(limit().name())
            && ask.lease() instanceof Hold.Leased
            && ask.holder() != null
            && ask.holder().type() == Holder.Type.TASK_RUN;
    var earlier =
        once
            ? limit().leases().heldBy(ask.holder()).filter(held -> held.slots() == ask.slots())
            : Optional.<Lease>empty();
    earlier.ifPresent(ledger::release);
    return earlier.filter(held -> !held.writtenOff()).map(held -> ledger.grant(ask)).orElse(null);
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
    return new Busy(face(), limit().activeSlots(now), position, estimate);
  }

  Decision confirm(UUID leaseId) {
    var held = ledger.held(leaseId);
    if (held != null) {
      return end(held);
    }
    var offer = offers.get(leaseId);
    if (offer == null || !limit().exists()) {
      return end(new Refused(new Rejection.LeaseGone(leaseId)));
    }
    offers = offers.minus(leaseId);
    return end(ledger.grant(offer.ask()));
  }

  Decision decline(UUID leaseId) {
    offers = offers.minus(leaseId);
    ledger.takeBack(leaseId);
    return end(Done.DONE);
  }

  Decision withdraw(LimitCommand.Withdraw ask) {
    var waiter = line.find(ask.leaseId());
    leaveLine(ask.leaseId());
    if (ask.keepPlace() != null && waiter.isPresent()) {
      line = line.with(absent(waiter.get(), ask.keepPlace()));
    }
    if (ask.keepPlace() == null) {
      offers = offers.minus(ask.leaseId());
      limit().known(ask.leaseId()).ifPresent(ledger::end);
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
        .ifPresent(
            waiter -> woken.put(leaseId, limit().exists() ? busy(waiter) : new NoSuchLimit()));
    line = line.without(leaseId);
  }

  // ---- leases ----

  Decision renew(LimitCommand.Renew ask) {
    var lease = ledger.renewable(ask.leaseId());
    if (lease.isEmpty()) {
      return notThere(new Refused(new Rejection.LeaseGone(ask.leaseId())));
    }
    ledger.renew(lease.get(), ask.duration());
    return end(new Done(lease.get().companions()));
  }

  Decision find(UUID leaseId) {
    boolean there =
        limit().leases().find(leaseId).isPresent() || ledger.renewable(leaseId).isPresent();
    return there ? end(Done.DONE) : notThere(new Refused(new Rejection.LeaseGone(leaseId)));
  }

  Decision release(LimitCommand.Release ask) {
    var lease =
        limit()
            .known(ask.leaseId())
            .filter(held -> ask.token() == null || ask.token() == held.token());
    if (ask.token() == null) {
      leaveLine(ask.leaseId());
      offers = offers.minus(ask.leaseId());
    }
    if (lease.isEmpty()) {
      return notThere(Done.DONE);
    }
    ledger.end(lease.get());
    return end(new Done(lease.get().companions()));
  }

  Decision releaseLone(UUID leaseId) {
    var others = limit().known(leaseId).map(Lease::companions).orElse(List.of());
    return others.isEmpty() ? release(LimitCommand.Release.any(leaseId)) : end(new Done(others));
  }

  Decision unbind(UUID leaseId) {
    ledger.unbind(leaseId);
    return end(Done.DONE);
  }

  Decision giveBack(LimitCommand.GiveBack ask) {
    if (!limit().exists()) {
      return end(new NoSuchLimit());
    }
    ledger.returned(ask.slots(), ask.heldSeconds());
    return end(new Done(List.of()));
  }

  Decision reset(LimitCommand.Reset ask) {
    if (!limit().exists()) {
      return end(new NoSuchLimit());
    }
    limit().leases().oldestFirst().forEach(ledger::revoke);
    ledger.happened(new LimitEvent.SlotsOverridden(List.of(), 0, now));
    ask.instead().forEach(ledger::grant);
    return end(Done.DONE);
  }

  Decision retain(LimitCommand.Retain ask) {
    for (var lease : limit().leases().oldestFirst()) {
      boolean old = lease.grantedAt().isBefore(ask.before());
      if (lease.duration() == null && old && !ask.kept().contains(lease.id())) {
        ledger.release(lease);
      }
    }
    return end(Done.DONE);
  }

  Decision due() {
    ledger.endWhatIsOver();
    for (var offer : offers.values()) {
      if (!offer.until().isAfter(now)) {
        offers = offers.minus(offer.ask().leaseId());
      }
    }
    return end(null);
  }

  Decision get() {
    return limit().exists() ? end(owner().view(now)) : end(new NoSuchLimit());
  }

  Decision outlook(LimitCommand.Outlook ask) {
    forgetLate();
    boolean limited = limit().exists() && limit().settings().active();
    int askers = limited ? owner().startable(ask.within(), ask.atLeast(), now) : 0;
    return end(new LimitReply.Outlook(limited, askers));
  }

  // ---- the line ----

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
    while (!offers.isEmpty() && limit().exists() && !owner().fits(0, now)) {
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
    if (!limit().exists() || !limit().settings().active()) {
      for (var waiter : line.parked()) {
        wake(waiter, limit().exists() ? new Skipped(face()) : new NoSuchLimit());
      }
      return;
    }
    for (var head = line.head(); head.isPresent(); head = line.head()) {
      var waiter = head.get();
      if (waiter.slots() > limit().slots()) {
        var why = new Rejection.MoreThanLimit(limit().name(), waiter.slots(), limit().slots());
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
    var granted = ledger.grant(ask);
    if (ask.style() != Style.HAND_OVER) {
      return granted;
    }
    ledger.toBeConfirmed(ask.leaseId());
    return new Offered(face());
  }

  private void wake(Waiter waiter, LimitReply reply) {
    line = line.without(waiter.id());
    woken.put(waiter.id(), reply);
  }

  private LimitReply.Face face() {
    return LimitReply.Face.of(limit());
  }

  private Limit limit() {
    return ledger.limit();
  }

  private LimitOwner owner() {
    return ledger.owner(line, offers);
  }

  /** The answer that a lease is not there: true only of who still owns what there is. */
  private Decision notThere(LimitReply reply) {
    return end(reply, limit().isKept());
  }

  private Decision end(LimitReply reply) {
    return end(reply, false);
  }

  private Decision end(LimitReply reply, boolean ownerOnly) {
    dropOffersBeyondLimit();
    forgetLate();
    grantInLine();
    var told = Collections.unmodifiableMap(woken);
    return new Decision(owner(), ledger.events(), reply, told, ownerOnly);
  }
}

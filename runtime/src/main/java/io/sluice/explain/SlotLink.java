package io.sluice.explain;

import io.sluice.explain.Explanation.HeldBy;
import io.sluice.explain.Explanation.NextEvent;
import io.sluice.explain.Explanation.Slots;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitReply.View;
import io.sluice.run.Waits;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/** What one limit means for one run. Pure. */
final class SlotLink {
  private final Facts facts;
  private final View limit;

  SlotLink(Facts facts, View limit) {
    this.facts = facts;
    this.limit = limit;
  }

  boolean isHeld() {
    return limit.leases().stream().anyMatch(held -> isOfRun(held.lease().holder()));
  }

  /** Whether the run would have to wait: it holds none and there is no room for one more. */
  boolean isFull() {
    return !isHeld() && (limit.activeSlots() >= slots() || !limit.settings().active());
  }

  boolean isAwaited() {
    return position() != null;
  }

  private int slots() {
    return limit.settings().slots();
  }

  private boolean isOfRun(Holder holder) {
    return holder != null && facts.isOfRun(holder.id());
  }

  private Integer position() {
    var line = limit.line();
    for (int i = 0; i < line.size(); i++) {
      if (isOfRun(line.get(i).holder())) {
        return i + 1;
      }
    }
    return null;
  }

  Slots shown() {
    var holders =
        limit.leases().stream().limit(Explanations.HOLDERS_SHOWN).map(this::shown).toList();
    return new Slots(
        limit.activeSlots(), slots(), holders, limit.leases().size(), position(), limit.waiting());
  }

  private HeldBy shown(HeldLease held) {
    var holder = held.lease().holder();
    return new HeldBy(
        holder,
        holder == null ? null : facts.names().get(holder.id()),
        held.lease().counted(),
        held.lease().grantedAt(),
        held.expires());
  }

  /** Why the run waits for it. */
  String line() {
    if (!limit.settings().active()) {
      return "Limit %s is disabled and lets no run pass.".formatted(limit.settings().name());
    }
    var place = position();
    return place == null
        ? "Waits for a slot of %s: %d of %d are held; it asks again when one is released."
            .formatted(limit.settings().name(), limit.activeSlots(), slots())
        : Waits.line(limit.settings().name(), limit.activeSlots(), slots(), place, Duration.ZERO);
  }

  /** What frees a slot. */
  NextEvent next() {
    if (slots() == 0) {
      return new NextEvent("Somebody raises the limit, which is 0.", null);
    } else if (!limit.settings().active()) {
      return new NextEvent("Somebody enables the limit.", null);
    }
    Instant earliest =
        limit.leases().stream()
            .map(HeldLease::expires)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null);
    int holders = limit.leases().size();
    String who = holders == 1 ? "The holder" : "One of %d holders".formatted(holders);
    if (holders == 0) {
      return new NextEvent("Slots taken without a lease are given back or decay.", null);
    }
    return earliest == null
        ? new NextEvent(who + " releases its slot.", null)
        : new NextEvent(
            who + " releases its slot, or its lease ends because it is not renewed.", earliest);
  }
}

package io.sluice.limit;

import io.sluice.limit.LimitCommand.Acquire;
import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Requests and facts for tests, in as few words as possible. */
final class Asks {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final UUID LIMIT_ID = UUID.fromString("11111111-2222-4333-8444-555555555555");
  static final Duration MINUTE = Duration.ofMinutes(1);
  static final LimitBounds BOUNDS =
      new LimitBounds(
          50, Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofHours(1), Duration.ZERO);

  private Asks() {}

  static UUID lease(int n) {
    return OwnerKey.leaseOf(LIMIT_ID, new UUID(0, n));
  }

  static Acquire ask(int n, Instant since) {
    return ask(n, 1, since);
  }

  static Acquire ask(int n, int slots, Instant since) {
    return new Acquire(
        lease(n),
        slots,
        false,
        new Hold.Leased(MINUTE, List.of()),
        Holder.taskRun(new UUID(7, n)),
        since,
        0,
        IfBusy.FORGET,
        Style.GRANT);
  }

  static Acquire loose(int n, int slots, Instant since) {
    return new Acquire(
        lease(n), slots, false, new Hold.Loose(), null, since, 0, IfBusy.FORGET, Style.GRANT);
  }

  static Acquire keepingPlace(Acquire ask) {
    return ask.with(IfBusy.KEEP_PLACE, ask.style());
  }

  static Acquire offered(Acquire ask) {
    return ask.with(ask.ifBusy(), Style.OFFER);
  }

  static Acquire forced(Acquire ask) {
    return ask.with(ask.ifBusy(), Style.FORCE);
  }

  static Acquire handedOver(Acquire ask) {
    return ask.with(ask.ifBusy(), Style.HAND_OVER);
  }

  /** The same under a lease of other limits too. */
  static Acquire with(List<UUID> companions, Acquire ask) {
    return new Acquire(
        ask.leaseId(),
        ask.slots(),
        ask.rateLimit(),
        new Hold.Leased(MINUTE, companions),
        ask.holder(),
        ask.since(),
        ask.priority(),
        ask.ifBusy(),
        ask.style());
  }

  static LimitOwner owner() {
    return LimitOwner.recovered(Limit.ABSENT, BOUNDS, NOON);
  }

  static LimitOwner limitOf(int slots) {
    return created(LimitSettings.of("db", slots));
  }

  static LimitOwner created(LimitSettings settings) {
    return new LimitCommand.Create(LIMIT_ID, settings, 0, List.of()).decide(owner(), NOON).after();
  }
}

package io.sluice.limit;

import static io.sluice.limit.Asks.NOON;

import java.time.Duration;
import java.time.Instant;

/**
 * A limit's owner that a test tells one command after the other; one slot, if not said otherwise.
 */
abstract class ToldLimit {
  LimitOwner owner;
  Instant now = NOON;
  Decision last;

  ToldLimit() {
    this(Asks.limitOf(1));
  }

  ToldLimit(LimitOwner owner) {
    this.owner = owner;
  }

  final LimitReply tell(LimitCommand command) {
    last = command.decide(owner, now);
    owner = last.after();
    return last.reply();
  }

  final void later(Duration by) {
    now = now.plus(by);
  }

  final int active() {
    return owner.limit().activeSlots(now);
  }

  final boolean isHeld(int n) {
    return owner.limit().leases().find(Asks.lease(n)).isPresent();
  }
}

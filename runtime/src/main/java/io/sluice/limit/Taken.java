package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;

/**
 * The slots that are taken: by leases, and loose ones without a lease. A decaying limit is a bucket
 * that leaks at a constant rate; {@code decayedUntil} keeps the fraction of a slot that has leaked
 * but does not count yet, so that a rate neither gains nor loses over many small steps.
 *
 * <p>Invariant: {@code loose >= -leases.slots()}.
 *
 * @param loose slots taken without a lease, less those that came back by decay, by a bare decrement
 *     or by an operator although a lease still counts them; hence it may be negative
 * @param decayedUntil up to when decay is already taken off {@code loose}
 */
public record Taken(Leases leases, int loose, Instant decayedUntil) {
  private static final double NANOS = 1e9;

  static final Taken NOTHING = new Taken(Leases.NONE, 0, Instant.EPOCH);

  public Taken {
    loose = Math.max(loose, -leases.slots());
  }

  /** Slots held at {@code now}; never negative. */
  int slots(double decayPerSecond, Instant now) {
    return Math.max(0, held() - decayed(decayPerSecond, now));
  }

  /** When {@code missing} slots, at least 1, will have come back by decay. */
  Instant decayedBy(int missing, double decayPerSecond) {
    return decayedUntil.plusNanos((long) Math.ceil(missing * NANOS / decayPerSecond));
  }

  /** The same with the decay up to {@code at} written off. */
  Taken settled(double decayPerSecond, Instant at) {
    int decayed = decayed(decayPerSecond, at);
    if (decayed >= held()) {
      return new Taken(leases, -leases.slots(), at);
    }
    var until =
        decayPerSecond <= 0
            ? at
            : decayedUntil.plusNanos((long) (decayed * NANOS / decayPerSecond));
    return new Taken(leases, loose - decayed, until);
  }

  Taken with(Leases changed) {
    return new Taken(changed, loose, decayedUntil);
  }

  Taken withLoose(int changed) {
    return new Taken(leases, changed, decayedUntil);
  }

  /** Slots taken before decay. */
  int held() {
    return leases.slots() + loose;
  }

  private int decayed(double decayPerSecond, Instant now) {
    if (decayPerSecond <= 0 || !now.isAfter(decayedUntil)) {
      return 0;
    }
    var elapsed = Duration.between(decayedUntil, now);
    double slots = (elapsed.getSeconds() + elapsed.getNano() / NANOS) * decayPerSecond;
    return (int) Math.min(slots, Integer.MAX_VALUE / 2);
  }
}

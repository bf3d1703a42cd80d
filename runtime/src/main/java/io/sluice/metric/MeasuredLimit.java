package io.sluice.metric;

import io.micrometer.core.instrument.Tags;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitMeter;
import io.sluice.limit.LimitTally;
import io.sluice.limit.Standing;
import java.time.Duration;
import java.time.Instant;

/**
 * One limit whose owner is on this node. Its owner alone changes it; the registry reads it from any
 * thread.
 */
final class MeasuredLimit implements LimitMeter {
  private static final double NANOS = 1e9;

  private final LimitMeters all;
  private volatile Standing standing;
  private volatile double idleInHandOff;
  private volatile long grants;
  private volatile long expirations;
  private String name;
  private Tags tags;
  private KindMeters kind;

  MeasuredLimit(LimitMeters all) {
    this.all = all;
  }

  @Override
  public void recovered(Standing recovered, Duration took) {
    all.recovered(took);
    become(recovered);
  }

  @Override
  public void answered(LimitTally tally, Standing after, Instant at) {
    become(after);
    if (kind == null) {
      return;
    }
    for (var grant : tally.grants()) {
      kind.waited(between(grant.since(), at));
    }
    grants += tally.grants().size();
    for (var handOff : tally.handOffs()) {
      kind.handedOff(between(handOff.freeSince(), at));
      idleInHandOff += handOff.slots() * (between(handOff.idleSince(), at).toNanos() / NANOS);
    }
    for (var hold : tally.holds()) {
      kind.held(Duration.ofNanos((long) (hold.seconds() * NANOS)));
      expirations += hold.expired() ? 1 : 0;
    }
    kind.renewed(tally.renewals());
    tally.denials().forEach(kind::denied);
  }

  private static Duration between(Instant from, Instant to) {
    return from.isBefore(to) ? Duration.between(from, to) : Duration.ZERO;
  }

  private void become(Standing after) {
    if (!after.exists()) {
      left();
    } else if (after.name().equals(name)) {
      standing = after;
    } else {
      left();
      standing = after;
      name = after.name();
      var ofKind = LimitKind.of(name);
      kind = all.of(ofKind);
      tags = Tags.of("limit", name, "kind", ofKind.label());
      all.series().join(tags, this);
    }
  }

  @Override
  public void appended(Duration took) {
    all.appended(took);
  }

  @Override
  public void fenced(boolean holds) {
    all.fenced(holds);
  }

  @Override
  public void left() {
    if (name != null) {
      all.series().leave(tags, this);
      name = null;
    }
    standing = null;
    idleInHandOff = 0;
    grants = 0;
    expirations = 0;
  }

  // ---- read by the registry, which may come late: then there is nothing to see ----

  double slots() {
    var now = standing;
    return now == null ? 0 : now.slots();
  }

  double inUse() {
    var now = standing;
    return now == null ? 0 : now.inUse(all.now());
  }

  double leases() {
    var now = standing;
    return now == null ? 0 : now.leases();
  }

  double held() {
    var now = standing;
    return now == null ? 0 : now.held();
  }

  double away() {
    var now = standing;
    return now == null ? 0 : now.away();
  }

  double oldestWait() {
    var now = standing;
    return now == null
        ? 0
        : now.oldest().map(since -> between(since, all.now()).toNanos() / NANOS).orElse(0.0);
  }

  double idleWithHeld() {
    var now = standing;
    return now == null ? 0 : now.idleWithHeld(all.now()) + idleInHandOff;
  }

  double idleWithAway() {
    var now = standing;
    return now == null ? 0 : now.idleWithAway(all.now());
  }

  double grants() {
    return grants;
  }

  double expirations() {
    return expirations;
  }
}

package io.sluice.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/**
 * Measures the limits whose owners are on this node. Histograms are by kind of limit; what has a
 * limit's name comes and goes with its owner and is bounded in number.
 */
final class LimitMeters {
  private static final Tags OTHER = Tags.of("limit", "other", "kind", "other");
  private static final Tags HELD = Tags.of("waiter", "held");
  private static final Tags AWAY = Tags.of("waiter", "away");

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Map<LimitKind, KindMeters> kinds = new EnumMap<>(LimitKind.class);
  private final BoundedSeries<MeasuredLimit> series;
  private final Timer appends;
  private final Timer recoveries;
  private final Counter fencings;
  private final Counter fencingRejections;

  LimitMeters(MeterRegistry registry, MetricSettings settings, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    for (var kind : LimitKind.values()) {
      kinds.put(kind, new KindMeters(registry, kind, settings));
    }
    this.series = new BoundedSeries<>(settings.limitsMax(), OTHER, this::register);
    this.appends =
        Timer.builder("sluice.journal.append")
            .description("From a limit's decision to its row in the journal, durable")
            .serviceLevelObjectives(settings.handOffs())
            .register(registry);
    this.recoveries =
        Timer.builder("sluice.owner.recovery")
            .description("From the start of a limit's owner to its first answer")
            .register(registry);
    this.fencings =
        Counter.builder("sluice.fencing.checks")
            .description("Fencing tokens that were asked about")
            .register(registry);
    this.fencingRejections =
        Counter.builder("sluice.fencing.rejections")
            .description("Fencing tokens that no longer counted")
            .register(registry);
  }

  private Series<MeasuredLimit> register(Tags tags) {
    var waiting = "Requests in line: held until granted, or told to come back";
    var idle = "Slot-seconds that slots were free while somebody waited who could have had them";
    return new Series<MeasuredLimit>(registry, tags)
        .gauge("sluice.limit.slots", "Slots the limit has", MeasuredLimit::slots)
        .gauge("sluice.limit.slots.in.use", "Slots that are taken", MeasuredLimit::inUse)
        .gauge("sluice.leases.active", "Leases that hold slots", MeasuredLimit::leases)
        .gauge("sluice.limit.waiters", waiting, HELD, MeasuredLimit::held)
        .gauge("sluice.limit.waiters", waiting, AWAY, MeasuredLimit::away)
        .longest(
            "sluice.limit.oldest.wait",
            "How long the one has waited who has waited longest",
            MeasuredLimit::oldestWait)
        .counter(
            "sluice.slot.idle.with.waiters", idle, "seconds", HELD, MeasuredLimit::idleWithHeld)
        .counter(
            "sluice.slot.idle.with.waiters", idle, "seconds", AWAY, MeasuredLimit::idleWithAway)
        .counter(
            "sluice.grants",
            "Requests that were granted",
            null,
            Tags.empty(),
            MeasuredLimit::grants)
        .counter(
            "sluice.lease.expirations",
            "Leases that ended because nobody renewed them",
            null,
            Tags.empty(),
            MeasuredLimit::expirations);
  }

  LimitMeter meter() {
    return new MeasuredLimit(this);
  }

  Instant now() {
    return clock.instant();
  }

  KindMeters of(LimitKind kind) {
    return kinds.get(kind);
  }

  BoundedSeries<MeasuredLimit> series() {
    return series;
  }

  void appended(Duration took) {
    appends.record(took);
  }

  void recovered(Duration took) {
    recoveries.record(took);
  }

  void fenced(boolean holds) {
    fencings.increment();
    if (!holds) {
      fencingRejections.increment();
    }
  }
}

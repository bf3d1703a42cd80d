package io.sluice.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sluice.limit.LimitKind;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The meters that all limits of one kind on this node share; they stay as long as the node. */
final class KindMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Timer acquireWait;
  private final Timer slotHold;
  private final Timer handOff;
  private final Counter renewals;
  private final Map<String, Counter> denials = new ConcurrentHashMap<>();

  KindMeters(MeterRegistry registry, LimitKind kind, MetricSettings settings) {
    this.registry = registry;
    this.tags = Tags.of("kind", kind.label());
    this.acquireWait =
        timer("sluice.acquire.wait", "From asking for slots to the grant", settings.waits());
    this.slotHold = timer("sluice.slot.hold", "From the grant to its end", settings.holds());
    this.handOff =
        timer(
            "sluice.handoff",
            "From slots coming free to their grant to the next in line",
            settings.handOffs());
    this.renewals =
        Counter.builder("sluice.lease.renewals")
            .description("Leases that began their time anew")
            .tags(tags)
            .register(registry);
  }

  private Timer timer(String name, String meaning, Duration[] buckets) {
    return Timer.builder(name)
        .description(meaning)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  void waited(Duration wait) {
    acquireWait.record(wait);
  }

  void held(Duration hold) {
    slotHold.record(hold);
  }

  void handedOff(Duration took) {
    handOff.record(took);
  }

  void renewed(int leases) {
    if (leases > 0) {
      renewals.increment(leases);
    }
  }

  /**
   * @param reason a word of a closed list: see {@link io.sluice.limit.LimitTally#denials}
   */
  void denied(String reason) {
    denials.computeIfAbsent(reason, this::denial).increment();
  }

  private Counter denial(String reason) {
    return Counter.builder("sluice.denials")
        .description("Requests that were answered without a grant")
        .tags(tags.and("reason", snakeCase(reason)))
        .register(registry);
  }

  private static String snakeCase(String words) {
    return words.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}

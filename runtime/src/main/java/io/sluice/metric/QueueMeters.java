package io.sluice.metric;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.sluice.queue.QueueMeter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Measures the work queues whose owners are on this node; a pool is the sum of its queues. */
final class QueueMeters {
  private static final Tags OTHER = Tags.of("pool", "other", "queue", "other");

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final BoundedSeries<MeasuredQueue> series;
  private final Timer waits;

  QueueMeters(MeterRegistry registry, MetricSettings settings, InstantSource clock) {
    this.registry = registry;
    this.clock = clock;
    this.series = new BoundedSeries<>(settings.queuesMax(), OTHER, this::register);
    this.waits =
        Timer.builder("sluice.queue.wait")
            .description("From a run being due to its going on to PENDING")
            .serviceLevelObjectives(settings.waits())
            .register(registry);
  }

  private Series<MeasuredQueue> register(Tags tags) {
    return new Series<MeasuredQueue>(registry, tags)
        .gauge("sluice.queue.depth", "Runs that are due and wait", MeasuredQueue::depth)
        .gauge("sluice.queue.running", "Runs that occupy the queue", MeasuredQueue::running)
        .longest(
            "sluice.queue.oldest", "How long the first run has been due", MeasuredQueue::oldestWait)
        .counter(
            "sluice.queue.in",
            "Runs that came to wait",
            null,
            Tags.empty(),
            MeasuredQueue::arrivals)
        .counter(
            "sluice.queue.out",
            "Runs that waited and went on to PENDING",
            null,
            Tags.empty(),
            MeasuredQueue::dispatches);
  }

  QueueMeter meter() {
    return new MeasuredQueue(this);
  }

  Instant now() {
    return clock.instant();
  }

  BoundedSeries<MeasuredQueue> series() {
    return series;
  }

  void dispatched(Duration wait) {
    waits.record(wait.isNegative() ? Duration.ZERO : wait);
  }
}

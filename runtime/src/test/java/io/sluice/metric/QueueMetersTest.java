package io.sluice.metric;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.queue.QueuedRuns;
import io.sluice.queue.Sighting;
import io.sluice.queue.Sighting.Whereabouts;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The meters of a work queue")
class QueueMetersTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final MetricSettings SETTINGS =
      MetricSettings.from(ConfigFactory.load().getConfig("sluice.metrics"));

  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final QueueMeters meters = new QueueMeters(registry, SETTINGS, () -> NOON);

  private static Sighting waiting(int n, Instant due) {
    return new Sighting(new UUID(0, n), 1, Whereabouts.WAITING, due, due, null, "Scheduled");
  }

  private double gauge(String name) {
    return registry.get(name).tags("pool", "local", "queue", "low").gauge().value();
  }

  private double count(String name) {
    return registry.get(name).tags("pool", "local", "queue", "low").functionCounter().count();
  }

  @Test
  void count_runs_that_are_due_and_not_those_of_the_future() {
    var meter = meters.meter();
    var runs =
        QueuedRuns.NONE
            .with(waiting(1, NOON.minusSeconds(40)))
            .with(waiting(2, NOON))
            .with(waiting(3, NOON.plusSeconds(1)));
    meter.known("local/low", runs);
    assertThat(gauge("sluice.queue.depth")).isEqualTo(2);
    assertThat(gauge("sluice.queue.oldest")).isEqualTo(40);
    assertThat(gauge("sluice.queue.running")).isZero();
  }

  @Test
  void count_what_comes_and_what_goes_on_to_pending() {
    var meter = meters.meter();
    meter.known("local/low", QueuedRuns.NONE);
    meter.arrived();
    meter.arrived();
    meter.dispatched(Duration.ofSeconds(3));
    // Handed out before it was due.
    meter.dispatched(Duration.ofSeconds(-1));
    assertThat(count("sluice.queue.in")).isEqualTo(2);
    assertThat(count("sluice.queue.out")).isEqualTo(2);
    var waits = registry.get("sluice.queue.wait").timer();
    assertThat(waits.count()).isEqualTo(2);
    assertThat(waits.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
  }

  @Test
  void go_when_the_owner_leaves() {
    int none = registry.getMeters().size();
    var meter = meters.meter();
    meter.known("local/low", QueuedRuns.NONE);
    assertThat(registry.getMeters()).hasSize(none + 5);
    meter.left();
    meter.left();
    assertThat(registry.getMeters()).hasSize(none);
  }
}

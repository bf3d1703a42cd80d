package io.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Sluice in a process with a meter registry of its own")
@Timeout(300)
class SluiceMetricsTest {
  private final MeterRegistry registry = new SimpleMeterRegistry();

  private long ofSluice() {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("sluice."))
        .count();
  }

  @Test
  void measures_there_and_takes_away_what_it_put_in(@TempDir Path data) throws Exception {
    registry.counter("orders").increment();
    try (var sluice = Sluice.embedded(data, ConfigFactory.empty(), registry)) {
      sluice.define(LimitDefinition.of("printer", 2));
      try (var lease = sluice.awaitLease("printer", Duration.ofSeconds(10))) {
        assertThat(lease.fencingToken()).isPositive();
      }
      var holds = registry.get("sluice.slot.hold").tag("kind", "global").timer();
      // A lease is given back behind the one who closes it.
      while (holds.count() == 0) {
        assertThat(sluice.find("printer")).isPresent();
      }
      assertThat(holds.count()).isEqualTo(1);
      assertThat(holds.totalTime(TimeUnit.SECONDS)).isPositive();
      assertThat(registry.get("sluice.limit.slots").tag("limit", "printer").gauge().value())
          .isEqualTo(2);
      assertThat(registry.get("sluice.cluster.members").tag("status", "up").gauge().value())
          .isEqualTo(1);
    }
    assertThat(ofSluice()).isZero();
    assertThat(registry.counter("orders").count()).isEqualTo(1);
  }
}

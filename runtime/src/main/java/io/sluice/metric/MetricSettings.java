package io.sluice.metric;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How much is measured. Defaults and reasons stand in {@code reference.conf} under {@code
 * sluice.metrics}.
 *
 * @param limitsMax how many limits of this node have series of their own; the rest are one
 * @param queuesMax the same for work queues
 * @param waits upper bounds of the buckets for waits
 * @param holds the same for holds
 * @param handOffs the same for hand-offs, and for what the store takes
 */
record MetricSettings(
    int limitsMax, int queuesMax, Duration[] waits, Duration[] holds, Duration[] handOffs) {

  /**
   * @param config {@code sluice.metrics}
   */
  static MetricSettings from(Config config) {
    return new MetricSettings(
        config.getInt("limits-max"),
        config.getInt("queues-max"),
        durations(config, "buckets.waits"),
        durations(config, "buckets.holds"),
        durations(config, "buckets.hand-offs"));
  }

  private static Duration[] durations(Config config, String path) {
    return config.getDurationList(path).toArray(Duration[]::new);
  }
}

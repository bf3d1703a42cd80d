package io.sluice.load;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Random intervals as Prefect 3.8.8 draws them (prefect/utilities/math.py): exponential, cut to a
 * band.
 *
 * @param uniform random numbers from 0 (included) to 1 (excluded)
 */
public record Jitter(DoubleSupplier uniform) {
  private static final double LEAST = 1e-10;
  private static final double NANOS = 1e9;

  /** Around {@code mean}, at most {@code 1 + factor} times as long; 0 for a mean of 0. */
  Duration around(Duration mean, double factor) {
    double average = mean.toNanos() / NANOS;
    double up = 1 + factor;
    double low = Math.log(Math.pow(2, up) / (Math.pow(2, up) - 1)) / Math.log(2);
    return draw(average, Math.max(0, average * low), average * up);
  }

  /** At least {@code least}, at most {@code 1 + factor} times as long. */
  Duration atLeast(Duration least, double factor) {
    double low = least.toNanos() / NANOS;
    double up = low * (1 + factor);
    return draw((low + up) / 2, low, up);
  }

  private Duration draw(double average, double low, double up) {
    if (average <= 0) {
      return Duration.ZERO;
    }
    double from = cumulative(low, average);
    double to = cumulative(up, average);
    double drawn = from + uniform.getAsDouble() * (to - from);
    return Duration.ofNanos(
        (long) Math.ceil(-Math.log(Math.max(1 - drawn, LEAST)) * average * NANOS));
  }

  private static double cumulative(double value, double average) {
    return 1 - Math.exp(-value / average);
  }
}

package io.sluice.task;

/**
 * Intervals that are spread at random, so that those who failed together do not come back together
 * (Prefect 3.8.8, utilities/math.py clamped_poisson_interval). Pure: chance is passed in.
 */
final class Jitter {
  /** Keeps the logarithm away from 0. */
  private static final double LEAST = 1e-10;

  /** From here on the lower end is 0, and 2 to the power of it would be too large at some point. */
  private static final double WIDE = 50;

  private Jitter() {}

  /**
   * A time of about {@code mean}: exponentially distributed, cut to a band in which as much lies
   * below the median as above it.
   *
   * @param mean more than 0, in any unit
   * @param factor more than 0; the time is at most {@code 1 + factor} times {@code mean}
   * @param chance from 0 (included) to 1 (excluded), all equally likely
   */
  static double around(double mean, double factor, double chance) {
    double most = 1 + factor;
    double low = cumulative(least(most));
    double high = cumulative(most);
    double drawn = low + (high - low) * chance;
    return Math.max(0, -Math.log(Math.max(1 - drawn, LEAST)) * mean);
  }

  /** The lower end of the band whose upper end is {@code most}, both as parts of the mean. */
  private static double least(double most) {
    if (most >= WIDE) {
      return 0;
    }
    double power = Math.pow(2, most);
    return Math.max(0, Math.log(Math.max(power / (power - 1), LEAST)) / Math.log(2));
  }

  private static double cumulative(double partOfMean) {
    return 1 - Math.exp(-partOfMean);
  }
}

package io.sluice.load.faults;

import java.time.Duration;

/**
 * The flow runs that use the cluster while a fault strikes.
 *
 * @param runs how many
 * @param limit how many of them run at once
 * @param hold how long each runs
 */
record RunLoad(int runs, int limit, Duration hold) {
  private static final Duration FAULTS_TAKE = Duration.ofSeconds(150);

  /** Twice as long as they take without any fault, and the time that faults take. */
  Duration within() {
    return hold.multipliedBy(2L * (runs / limit + 1)).plus(FAULTS_TAKE);
  }
}

package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import picocli.CommandLine.Option;

/** When a round is given up. */
final class Cap {
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration MOST = Duration.ofHours(1);

  @Option(
      names = "--cap",
      paramLabel = "TIME",
      defaultValue = "270s",
      converter = Durations.class,
      description = "Give a round up after this time. Default: ${DEFAULT-VALUE}.")
  private Duration cap;

  /**
   * @throws picocli.CommandLine.ParameterException if it is not 1 ms to 1 h
   */
  Duration checked(CompareOptions compare) {
    compare.within("--cap", cap, LEAST, MOST);
    return cap;
  }
}

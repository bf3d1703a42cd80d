package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load rate}: whether a rate limit gives what it says, neither more nor less. */
@Command(
    name = "rate",
    description = {
      "Clients take all that a limit with slot decay gives, as rate_limit() does: grants against burst",
      "+ rate x time. A grant ahead of that is a fault at whatever moment it comes."
    })
public final class RateCommand extends SlotsCommand {
  private static final double RATE_MAX = 10_000;
  private static final int BURST_MAX = 1000;
  private static final int CLIENTS_MAX = 1000;
  private static final Duration TIME_MIN = Duration.ofMillis(100);
  private static final Duration TIME_MAX = Duration.ofHours(1);

  @Option(
      names = "--per-second",
      paramLabel = "N",
      defaultValue = "50",
      description =
          "Slots that come back in a second, above 0, at most 10000. Default: ${DEFAULT-VALUE}.")
  private double perSecond;

  @Option(
      names = "--burst",
      paramLabel = "N",
      defaultValue = "10",
      description = "Slots of the limit, free at the start, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int burst;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "Clients with a connection each, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = Durations.class,
      description = "Of each round, 100ms to 1 h. Default: ${DEFAULT-VALUE}.")
  private Duration time;

  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    if (!(perSecond > 0 && perSecond <= RATE_MAX)) {
      throw compare.wrong("--per-second must be above 0 and at most %.0f".formatted(RATE_MAX));
    }
    compare.within("--burst", burst, BURST_MAX);
    compare.within("--clients", clients, CLIENTS_MAX);
    compare.within("--time", time, TIME_MIN, TIME_MAX);
    return compare.compare("rate", List.of(new Rate(perSecond, burst, clients, time)));
  }
}

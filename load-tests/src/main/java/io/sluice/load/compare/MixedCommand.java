package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load mixed}: everything at once, for an hour. */
@Command(
    name = "mixed",
    description = {
      "Clients take slots of a limit that is too small for them, of two limits at once, with leases",
      "that they renew, and by a rate; they create flow runs of a deployment with a limit, take them",
      "to their end, and look at runs and limits. With --pid, a collection of the server's heap is",
      "asked for twelve times, and what is left of it is compared."
    })
public final class MixedCommand extends SlotsCommand {
  private static final int CLIENTS_MAX = 1000;
  private static final Duration PAUSE_MAX = Duration.ofMinutes(1);
  private static final Duration TIME_MIN = Duration.ofSeconds(1);
  private static final Duration TIME_MAX = Duration.ofHours(24);

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "32",
      description = "Each with a connection, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--pause",
      paramLabel = "TIME",
      defaultValue = "200ms",
      converter = Durations.class,
      description = {
        "Of a client between two things, at random up to this, at most 1m.",
        "Default: ${DEFAULT-VALUE}."
      })
  private Duration pause;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "60m",
      converter = Durations.class,
      description = "Of a round, 1s to 1440m. Default: ${DEFAULT-VALUE}.")
  private Duration time;

  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--clients", clients, CLIENTS_MAX);
    compare.within("--pause", pause, Duration.ZERO, PAUSE_MAX);
    compare.within("--time", time, TIME_MIN, TIME_MAX);
    return compare.compare("mixed", List.of(new Mixed(clients, pause, time)));
  }
}

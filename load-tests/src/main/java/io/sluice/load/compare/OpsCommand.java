package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load ops}: how many slots a server grants and takes back in a second. */
@Command(
    name = "ops",
    description = {
      "Takes slots and gives them back as fast as the server answers, or at a given rate. Nobody",
      "ever waits for a slot. Variants: lease-hot, lease-many, plain-hot, plain-many (with a lease",
      "or without; on one limit or on 100)."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all is measured, A made no mistake",
      "1:A made a mistake, or a server could not be used",
      "2:wrong usage"
    })
public final class OpsCommand implements Callable<Integer> {
  private static final int CONNECTIONS_MAX = 1000;
  private static final int MANY = 100;
  private static final double RATE_MAX = 1_000_000;
  private static final Duration TIME_MIN = Duration.ofMillis(100);
  private static final Duration TIME_MAX = Duration.ofHours(1);

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description = "Clients with a connection each, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int connections;

  @Option(
      names = "--time",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description = "Of each round, 100ms to 1 h. Default: ${DEFAULT-VALUE}.")
  private Duration time;

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = Durations.class,
      description = "Before the first round of each variant. Default: ${DEFAULT-VALUE}.")
  private Duration warmUp;

  @Option(
      names = "--rate",
      paramLabel = "PAIRS",
      description = {
        "Pairs to begin in a second, however slow the server is. Each is timed from when it was to",
        "begin, so that waiting behind a stalled server counts. Default: as fast as it answers."
      })
  private Double rate;

  @Option(
      names = "--only",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only variants whose name has this in it, e.g. lease or lease-hot.")
  private String only;

  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--connections", connections, CONNECTIONS_MAX);
    compare.within("--time", time, TIME_MIN, TIME_MAX);
    compare.within("--warm-up", warmUp, Duration.ZERO, TIME_MAX);
    if (rate != null && !(rate > 0 && rate <= RATE_MAX)) {
      throw compare.wrong("--rate must be above 0 and at most %.0f".formatted(RATE_MAX));
    }
    return compare.compare("ops", variants());
  }

  private List<Ops> variants() {
    var paced = rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
    var variants = new ArrayList<Ops>();
    for (boolean lease : new boolean[] {true, false}) {
      for (int limits : new int[] {1, MANY}) {
        variants.add(new Ops(lease, limits, connections, time, warmUp, paced));
      }
    }
    variants.removeIf(variant -> !variant.name().contains(only));
    if (variants.isEmpty()) {
      throw compare.wrong("--only %s leaves no variant".formatted(only));
    }
    return variants;
  }
}

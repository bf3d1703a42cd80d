package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load multi-limit}: several limits taken in one request, all or none. */
@Command(
    name = "multi-limit",
    description = {
      "Each client wants one slot of two limits at once, all or none. The limits stand in a ring, so",
      "that each is wanted together with two others."
    })
public final class MultiLimitCommand extends SlotsCommand {
  private static final int LIMITS_MAX = 100;
  private static final int CLIENTS_MAX = 2000;
  private static final int ROUNDS_MAX = 10_000;

  @Option(
      names = "--limits",
      paramLabel = "N",
      defaultValue = "4",
      description = "Limits in the ring, 2 to 100. Default: ${DEFAULT-VALUE}.")
  private int limits;

  @Option(
      names = "--slots",
      paramLabel = "N",
      defaultValue = "2",
      description = "Slots of each, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "20",
      description = "Clients with a connection each, 1 to 2000. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each gets its pair, 1 to 10000. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "50ms",
      converter = Durations.class,
      description = "How long it holds it, 1ms to 10m. Default: ${DEFAULT-VALUE}.")
  private Duration hold;

  @Mixin private Cap cap;
  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--limits", limits, LIMITS_MAX);
    if (limits == 1) {
      throw compare.wrong("--limits must be 2 to %d, not 1".formatted(LIMITS_MAX));
    }
    compare.within("--slots", slots, SLOTS_MAX);
    compare.within("--clients", clients, CLIENTS_MAX);
    compare.within("--rounds", rounds, ROUNDS_MAX);
    compare.within("--hold", hold, HOLD_MIN, HOLD_MAX);
    var workload = new MultiLimit(limits, slots, clients, rounds, hold, cap.checked(compare));
    return compare.compare("multi-limit", List.of(workload));
  }
}

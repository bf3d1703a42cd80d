package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load waiters}: a great many who wait for one slot. */
@Command(
    name = "waiters",
    description = {
      "One holds the only slot while a great many ask for it, each on a connection of its own. Then it",
      "gives the slot back, and each takes it for a moment. With --pid, the server's memory for each."
    })
public final class WaitersCommand extends SlotsCommand {
  private static final int WAITERS_MAX = 15_000;
  private static final Duration BRIEF_MAX = Duration.ofSeconds(10);
  // The first holder's lease of 300 s is not renewed.
  private static final Duration SETTLE_MAX = Duration.ofMinutes(2);

  @Option(
      names = "--waiters",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Clients, 1 to 15000; each needs a file and a thread here. Default: ${DEFAULT-VALUE}.")
  private int waiters;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "1ms",
      converter = Durations.class,
      description = "How long each holds the slot, 1ms to 10s. Default: ${DEFAULT-VALUE}.")
  private Duration hold;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "3s",
      converter = Durations.class,
      description =
          "How long all wait before the slot is given back, at most 2m. Default: ${DEFAULT-VALUE}.")
  private Duration settle;

  @Mixin private Cap cap;
  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--waiters", waiters, WAITERS_MAX);
    compare.within("--hold", hold, HOLD_MIN, BRIEF_MAX);
    compare.within("--settle", settle, Duration.ZERO, SETTLE_MAX);
    return compare.compare(
        "waiters", List.of(new Waiters(waiters, hold, settle, cap.checked(compare))));
  }
}

package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load handoff}: how long a slot lies idle while somebody waits for it. */
@Command(
    name = "handoff",
    description = {
      "Many wait for few slots: each takes one, holds it, gives it back and asks again. Shows how",
      "long slots lay idle while somebody waited, the longest wait, and who was overtaken. Waiters",
      "do at a 423 what Prefect's client does: they sleep as long as the server says."
    },
    footer = {"%nLong holds: --waiters 3 --hold 5s --rounds 2"})
public final class HandoffCommand extends SlotsCommand {
  private static final int WAITERS_MAX = 2000;
  private static final int ROUNDS_MAX = 10_000;

  @Option(
      names = "--waiters",
      paramLabel = "N",
      defaultValue = "20",
      description = "Clients with a connection each, 1 to 2000. Default: ${DEFAULT-VALUE}.")
  private int waiters;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each takes a slot, 1 to 10000. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "50ms",
      converter = Durations.class,
      description = "How long it is held, 1ms to 10m. Default: ${DEFAULT-VALUE}.")
  private Duration hold;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "1",
      description = "Slots, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int slots;

  @Mixin private Cap cap;
  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--waiters", waiters, WAITERS_MAX);
    compare.within("--rounds", rounds, ROUNDS_MAX);
    compare.within("--limit", slots, SLOTS_MAX);
    compare.within("--hold", hold, HOLD_MIN, HOLD_MAX);
    return compare.compare(
        "handoff",
        List.of(new Handoff(Handoff.Of.NAME, slots, waiters, rounds, hold, cap.checked(compare))));
  }
}

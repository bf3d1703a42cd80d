package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load tag-limit}: how well the slots of a task tag are used. */
@Command(
    name = "tag-limit",
    description = {
      "Task runs with one tag, all at once, each in a process of its own: each takes a slot of the",
      "tag's limit as the task engine of Prefect 3.8.8 does, holds it and gives it back."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:all were served by A, and the limit was kept",
      "1:they were not, or it was not, or a server could not be used",
      "2:wrong usage"
    })
public final class TagLimitCommand implements Callable<Integer> {
  private static final int TASKS_MAX = 2000;
  private static final int SLOTS_MAX = 1000;
  private static final Duration LEAST = Duration.ofMillis(1);
  private static final Duration HOLD_MAX = Duration.ofMinutes(10);
  private static final Duration CAP_MAX = Duration.ofHours(1);

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "200",
      description = "Task runs, 1 to 2000. Default: ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "10",
      description = "Slots of the tag, 1 to 1000. Default: ${DEFAULT-VALUE}.")
  private int slots;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Durations.class,
      description = "How long each holds a slot, 1ms to 10m. Default: ${DEFAULT-VALUE}.")
  private Duration hold;

  @Option(
      names = "--cap",
      paramLabel = "TIME",
      defaultValue = "270s",
      converter = Durations.class,
      description = "Give a round up after this time. Default: ${DEFAULT-VALUE}.")
  private Duration cap;

  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--tasks", tasks, TASKS_MAX);
    compare.within("--limit", slots, SLOTS_MAX);
    compare.within("--hold", hold, LEAST, HOLD_MAX);
    compare.within("--cap", cap, LEAST, CAP_MAX);
    var workload = new Handoff(Handoff.Of.TAG, slots, tasks, 1, hold, cap);
    return compare.compare("tag-limit", List.of(workload));
  }
}

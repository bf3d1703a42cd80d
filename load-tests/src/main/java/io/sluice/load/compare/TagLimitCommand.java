package io.sluice.load.compare;

import io.sluice.load.Durations;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sluice-load tag-limit}: how well the slots of a task tag are used. */
@Command(
    name = "tag-limit",
    description = {
      "Task runs with one tag, all at once, each in a process of its own: each takes a slot of the",
      "tag's limit as the task engine of Prefect 3.8.8 does, holds it and gives it back."
    })
public final class TagLimitCommand extends SlotsCommand {
  private static final int TASKS_MAX = 2000;

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

  @Mixin private Cap cap;
  @Mixin private CompareOptions compare;

  @Override
  public Integer call() {
    compare.within("--tasks", tasks, TASKS_MAX);
    compare.within("--limit", slots, SLOTS_MAX);
    compare.within("--hold", hold, HOLD_MIN, HOLD_MAX);
    var workload = new Handoff(Handoff.Of.TAG, slots, tasks, 1, hold, cap.checked(compare));
    return compare.compare("tag-limit", List.of(workload));
  }
}

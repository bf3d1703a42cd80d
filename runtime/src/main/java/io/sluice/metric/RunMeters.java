package io.sluice.metric;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.run.State;
import io.sluice.run.StateNames;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the states that flow runs enter on this node, by what they leave. */
final class RunMeters {
  /** Names that say more than the type; any other name counts as its type's. */
  private static final Set<String> TELLING =
      Set.of(
          StateNames.LATE,
          StateNames.AWAITING_RETRY,
          StateNames.AWAITING_CONCURRENCY_SLOT,
          StateNames.SUSPENDED);

  private record Step(String from, String to) {}

  private final MeterRegistry registry;
  private final Map<Step, Counter> counters = new ConcurrentHashMap<>();

  RunMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * @param before null if the run is new
   */
  void entered(State before, State after) {
    var step = new Step(before == null ? "none" : label(before), label(after));
    counters.computeIfAbsent(step, this::counter).increment();
  }

  private static String label(State state) {
    return TELLING.contains(state.name()) ? state.name() : state.type().defaultName();
  }

  private Counter counter(Step step) {
    return Counter.builder("sluice.flow.run.transitions")
        .description("States that flow runs entered")
        .tags("from", step.from(), "to", step.to())
        .register(registry);
  }
}

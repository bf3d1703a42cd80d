package io.sluice.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.simulation.Fault;
import io.sluice.simulation.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Owners of limits and those who ask them, in thousands of simulated worlds in which everything
 * goes wrong. {@code -Dsimulation.seeds=N} sets how many, {@code -Dsimulation.seed=N} replays one
 * and prints what happens in it.
 */
@DisplayName("Limits in a world that fails")
class LimitSimulationTest {
  private static final long SEEDS = Long.getLong("simulation.seeds", 2_000);

  /** In so many worlds everything has to come about. */
  private static final long ENOUGH = 2_000;

  @Test
  @DisabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void are_kept_in_every_seed() {
    var seen = new Seen();
    var steps = new AtomicLong();
    var virtual = new AtomicLong();
    var broken = new AtomicReference<Error>();
    long began = System.nanoTime();
    LongStream.rangeClosed(1, SEEDS)
        .parallel()
        .takeWhile(seed -> broken.get() == null)
        .forEach(
            seed -> {
              try {
                var world = new SimulatedLimits(seed, null).run();
                steps.addAndGet(world.steps());
                virtual.addAndGet(world.now());
                synchronized (seen) {
                  seen.add(world.seen());
                }
              } catch (AssertionError rule) {
                broken.compareAndSet(null, rule);
              }
            });
    double seconds = (System.nanoTime() - began) / 1e9;
    if (broken.get() != null) {
      throw new AssertionError(
          broken.get().getMessage()
              + "; replay it with mvn -pl runtime test -Dtest=LimitSimulationTest"
              + " -Dsimulation.seed=<seed>",
          broken.get());
    }
    System.out.println(report(seen, steps.get(), virtual.get(), seconds));
    if (SEEDS >= ENOUGH) {
      assertThat(kinds()).allSatisfy(kind -> assertThat(seen.of(kind)).as(kind).isPositive());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "simulation.seed", matches = ".+")
  void are_kept_in_one_seed_which_is_shown() {
    new SimulatedLimits(Long.getLong("simulation.seed"), System.out::println).run();
  }

  @Test
  void go_the_same_way_each_time_a_seed_is_replayed() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(new SimulatedLimits(seed, null).run().digest())
          .isEqualTo(new SimulatedLimits(seed, null).run().digest());
    }
  }

  private static List<String> kinds() {
    var kinds = new ArrayList<String>();
    Arrays.stream(Fault.values()).map(Seen::key).forEach(kinds::add);
    Arrays.stream(Sometimes.values()).map(Seen::key).forEach(kinds::add);
    Arrays.stream(LimitEvent.class.getPermittedSubclasses())
        .map(event -> "LimitEvent." + event.getSimpleName())
        .forEach(kinds::add);
    return kinds;
  }

  private static String report(Seen seen, long steps, long virtual, double seconds) {
    var text = new StringBuilder();
    text.append(
        "Simulation: %d seeds, %.0f h of virtual time, %d steps in %.1f s%n"
            .formatted(SEEDS, virtual / 3.6e9, steps, seconds));
    for (var kind : kinds()) {
      text.append(String.format(Locale.ROOT, "  %-44s %12d%n", kind, seen.of(kind)));
    }
    return text.toString();
  }
}

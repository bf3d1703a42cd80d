package io.sluice.load;

import io.sluice.load.BurstPlan.Collision;
import io.sluice.load.BurstPlan.LimitOn;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that every burst has. */
final class BurstOptions {
  private static final int RUNS_MAX = 20_000;
  private static final int WORKERS_MAX = 50;
  private static final Duration PREFETCH = Duration.ofSeconds(10);

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "748",
      description = "Runs to create, 1 to 20000. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "25",
      description = "Slots of the concurrency limit. Default: ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--hold",
      paramLabel = "TIME",
      defaultValue = "100ms",
      converter = Durations.class,
      description = "How long each run runs. Default: ${DEFAULT-VALUE}.")
  private Duration hold;

  @Option(
      names = "--poll",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Durations.class,
      description =
          "Poll interval of a worker, +-30 %% jitter. Default: ${DEFAULT-VALUE}, Prefect's.")
  private Duration poll;

  @Option(
      names = "--full",
      description = "Send the requests around the state changes, too, as recorded from Prefect.")
  private boolean full;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Durations.class,
      description = "Give up after this time. Default: ${DEFAULT-VALUE}.")
  private Duration timeout;

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  /**
   * A limit on the deployment, as {@code burst} and {@code crash} have it.
   *
   * @throws ParameterException if a number is out of bounds
   */
  BurstPlan plan(
      URI api, int workers, Collision collision, Optional<Integer> poolLimit, boolean stubborn) {
    return plan(api, workers, LimitOn.DEPLOYMENT, collision, poolLimit, stubborn);
  }

  /**
   * The limit where it is asked for, and clients as Prefect's.
   *
   * @throws ParameterException if a number is out of bounds
   */
  BurstPlan plan(URI api, int workers, LimitOn limitOn) {
    return plan(api, workers, limitOn, Collision.ENQUEUE, Optional.empty(), false);
  }

  private BurstPlan plan(
      URI api,
      int workers,
      LimitOn limitOn,
      Collision collision,
      Optional<Integer> poolLimit,
      boolean stubborn) {
    within("--runs", runs, RUNS_MAX);
    within("--limit", limit, RUNS_MAX);
    within("--workers", workers, WORKERS_MAX);
    if (poll.isZero() || timeout.isZero()) {
      throw new ParameterException(spec.commandLine(), "--poll and --timeout must not be 0");
    }
    return new BurstPlan(
        List.of(api),
        runs,
        limitOn,
        limit,
        hold,
        workers,
        poll,
        PREFETCH,
        collision,
        full,
        poolLimit,
        stubborn,
        timeout);
  }

  void within(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), "%s must be 1 to %d, not %d".formatted(option, most, value));
    }
  }

  int limit() {
    return limit;
  }
}

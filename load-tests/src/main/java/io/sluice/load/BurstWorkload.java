package io.sluice.load;

import io.sluice.load.compare.Held;
import io.sluice.load.compare.Round;
import io.sluice.load.compare.Server;
import io.sluice.load.compare.Workload;
import io.sluice.load.history.Figures;
import io.sluice.load.history.Figures.Spread;
import io.sluice.load.history.History;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * A burst of runs as a workload: each round sets a stage of its own and plays the whole burst.
 *
 * @param plan of a burst on the given server
 */
record BurstWorkload(String name, Function<URI, BurstPlan> plan) implements Workload {
  private static final Duration SLOTS_FREE_WITHIN = Duration.ofSeconds(2);
  private static final double NANOS = 1e9;

  @Override
  public Session prepare(Server server) {
    return new Bursts(plan.apply(server.api()));
  }

  /** The bursts of one server. */
  private static final class Bursts implements Session {
    private final BurstPlan plan;
    private volatile Progress progress = new Progress((created, finished) -> {});

    Bursts(BurstPlan plan) {
      this.plan = plan;
    }

    /** Each burst warms up by itself before its clock starts. */
    @Override
    public void warmUp() {
      // Nothing more.
    }

    @Override
    public Round play() {
      var now = new Progress((created, finished) -> {});
      progress = now;
      try (var recorder = new Recorder(Optional.empty());
          var burst = new Burst(plan, recorder, now)) {
        var stage = burst.play();
        var history = recorder.history();
        var figures = Figures.of(history, plan.limit(), plan.hold());
        return round(figures, history, slotsLeft(burst, stage));
      }
    }

    /** Empty if the server does not say. */
    private static Optional<Map<String, Integer>> slotsLeft(Burst burst, Stage stage) {
      try {
        return Optional.of(burst.inspector().slotsLeft(stage, SLOTS_FREE_WITHIN).join());
      } catch (CompletionException failed) {
        return Optional.empty();
      }
    }

    private Round round(Figures figures, History history, Optional<Map<String, Integer>> left) {
      double makespan = figures.makespan().toNanos() / NANOS;
      double ideal = plan.hold().multipliedBy(plan.runs()).toNanos() / NANOS / plan.limit();
      var round =
          new Round.Builder()
              .put("wanted", plan.runs())
              .put("finished", figures.completed())
              .put("limit", plan.limit())
              .put("create_s", figures.creation().toNanos() / NANOS)
              .put("makespan_s", makespan)
              .put("ideal_s", ideal);
      if (figures.completed() == plan.runs() && ideal > 0) {
        round.put("makespan_over_ideal", makespan / ideal).put("utilisation", ideal / makespan);
      }
      round.put("peak_concurrent", figures.peak());
      spread(round, "slot_idle", figures.slotIdle());
      spread(round, "between_flows", figures.betweenFlows());
      spread(round, "create", figures.createLatency());
      round
          .put("waits", figures.waits())
          .put("rejects", figures.rejects())
          .put("aborts", figures.aborts())
          .put("requests", figures.requests().values().stream().mapToLong(n -> n).sum());
      figures
          .failures()
          .forEach((what, times) -> round.put("errors_" + what.replace(' ', '_'), times));
      new BurstReport(plan, figures, left.orElse(Map.of())).faults().forEach(round::fault);
      if (left.isEmpty()) {
        round.fault("it does not say which slots are left");
      }
      return round.held(held(history), plan.limit()).build();
    }

    private static void spread(Round.Builder round, String name, Spread spread) {
      round
          .put(name + "_p50_ms", spread.p50())
          .put(name + "_p99_ms", spread.p99())
          .put(name + "_max_ms", spread.max());
    }

    /** From the claim of a run to the request that completes it, since the first was created. */
    private static List<Held> held(History history) {
      var created = history.created();
      long began = created.values().stream().mapToLong(n -> n).min().orElse(0);
      var held = new ArrayList<Held>();
      for (var hold : history.holds()) {
        held.add(
            new Held(
                held.size(),
                created.getOrDefault(hold.run(), began) - began,
                Math.max(0, hold.fromNanos() - began),
                Math.max(0, hold.toNanos() - began)));
      }
      return held;
    }

    @Override
    public String progress() {
      return String.format(
          Locale.ROOT,
          "%d of %d runs created, %d finished",
          progress.created(),
          plan.runs(),
          progress.finished());
    }
  }
}

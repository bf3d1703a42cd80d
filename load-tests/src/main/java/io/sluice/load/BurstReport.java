package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.history.Figures;
import io.sluice.load.history.Figures.Spread;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of a burst, for people and for programs.
 *
 * @param slotsLeft slots that are taken at the end, by what limits them
 */
record BurstReport(BurstPlan plan, Figures figures, Map<String, Integer> slotsLeft) {

  /** What is wrong, one sentence each; empty if nothing. */
  List<String> faults() {
    var faults = new ArrayList<String>();
    if (figures.created() < plan.runs()) {
      faults.add(
          "%d of %d runs could not be created"
              .formatted(plan.runs() - figures.created(), plan.runs()));
    }
    if (unfinished() > 0) {
      faults.add(
          "%d of %d runs did not finish within %s"
              .formatted(unfinished(), figures.created(), Durations.text(plan.timeout())));
    }
    if (figures.peak() > plan.limit()) {
      faults.add(
          "%d runs held a slot at once, the limit is %d".formatted(figures.peak(), plan.limit()));
    }
    slotsLeft.forEach(
        (limit, taken) -> {
          if (taken > 0) {
            faults.add("%s: %d slots are still taken".formatted(limit, taken));
          }
        });
    return faults;
  }

  private int unfinished() {
    return plan.collision() == BurstPlan.Collision.ENQUEUE
        ? figures.created() - figures.completed()
        : 0;
  }

  private double overIdeal() {
    return figures.ideal().isZero()
        ? 0
        : (double) figures.makespan().toNanos() / figures.ideal().toNanos();
  }

  void print(PrintWriter out) {
    line(
        out,
        "%d runs, limit %d, %d ms each, %d worker%s, poll %s",
        plan.runs(),
        plan.limit(),
        plan.hold().toMillis(),
        plan.workers(),
        plan.workers() == 1 ? "" : "s",
        Durations.text(plan.poll()));
    line(
        out,
        "  created          %d in %s (p50 %.1f, p99 %.1f, max %.1f ms each)",
        figures.created(),
        Durations.text(figures.creation()),
        figures.createLatency().p50(),
        figures.createLatency().p99(),
        figures.createLatency().max());
    line(out, "  completed        %d", figures.completed());
    if (plan.collision() == BurstPlan.Collision.CANCEL_NEW) {
      line(
          out,
          "  cancelled        %d at their workers, %d by the server alone",
          figures.cancelled(),
          figures.created() - figures.completed() - figures.cancelled());
    }
    line(
        out,
        "  makespan         %s, %.2f x the ideal %s",
        Durations.text(figures.makespan()),
        overIdeal(),
        Durations.text(figures.ideal()));
    spread(out, "slot idle", figures.slotIdle(), "from release to the next Pending");
    spread(out, "between flows", figures.betweenFlows(), "from release to the next Running");
    line(out, "  slots held       %d at most, limit %d", figures.peak(), plan.limit());
    long requests = figures.requests().values().stream().mapToLong(Long::longValue).sum();
    line(out, "  requests         %d: %s", requests, list(figures.requests()));
    line(
        out,
        "  answers          %d WAIT, %d REJECT, %d ABORT",
        figures.waits(),
        figures.rejects(),
        figures.aborts());
    line(
        out,
        "  failures         %s",
        figures.failures().isEmpty() ? "none" : list(figures.failures()));
    line(out, "  slots left       %s", list(slotsLeft));
    line(out, "  own cost         %s of processor time", Durations.text(ownCost()));
  }

  /** What this program has used so far; on the server's machine the server went without it. */
  private static Duration ownCost() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private static void spread(PrintWriter out, String name, Spread spread, String meaning) {
    line(
        out,
        "  %-16s p50 %.1f, p99 %.1f, max %.1f ms (%s; %d times)",
        name,
        spread.p50(),
        spread.p99(),
        spread.max(),
        meaning,
        spread.samples());
  }

  private static void line(PrintWriter out, String format, Object... facts) {
    out.println(String.format(Locale.ROOT, format, facts));
  }

  private static String list(Map<?, ?> counts) {
    var words = new ArrayList<String>();
    counts.forEach(
        (what, count) -> words.add(count + " " + what.toString().toLowerCase(Locale.ROOT)));
    return String.join(", ", words);
  }

  /** All figures and faults, times in seconds or as the name says. */
  ObjectNode json() {
    var json = ApiClient.object();
    json.put("runs", plan.runs())
        .put("limit", plan.limit())
        .put("hold_ms", plan.hold().toMillis())
        .put("workers", plan.workers())
        .put("poll_s", Durations.seconds(plan.poll()))
        .put("collision", plan.collision().name())
        .put("created", figures.created())
        .put("completed", figures.completed())
        .put("cancelled", figures.cancelled())
        .put("create_s", Durations.seconds(figures.creation()))
        .put("makespan_s", Durations.seconds(figures.makespan()))
        .put("ideal_s", Durations.seconds(figures.ideal()))
        .put("makespan_over_ideal", overIdeal())
        .put("peak", figures.peak())
        .put("own_cpu_s", Durations.seconds(ownCost()))
        .put("waits", figures.waits())
        .put("rejects", figures.rejects())
        .put("aborts", figures.aborts());
    json.set("slot_idle_ms", ApiClient.JSON.valueToTree(figures.slotIdle()));
    json.set("between_flows_ms", ApiClient.JSON.valueToTree(figures.betweenFlows()));
    json.set("create_ms", ApiClient.JSON.valueToTree(figures.createLatency()));
    json.set("requests", ApiClient.JSON.valueToTree(figures.requests()));
    json.set("failures", ApiClient.JSON.valueToTree(figures.failures()));
    json.set("slots_left", ApiClient.JSON.valueToTree(new TreeMap<>(slotsLeft)));
    json.set("faults", ApiClient.JSON.valueToTree(faults()));
    return json;
  }

  /**
   * @throws Failure if the file cannot be written
   */
  static void write(ObjectNode json, Path file) {
    try {
      Files.writeString(file, json.toPrettyString() + "\n");
    } catch (IOException failed) {
      throw new Failure(
          "The figures cannot be written to %s: %s.".formatted(file, failed),
          "Name a file in a directory that exists and can be written with --json.",
          failed);
    }
  }
}

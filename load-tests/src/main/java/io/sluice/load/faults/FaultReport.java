package io.sluice.load.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.history.Rule;
import io.sluice.load.history.Violation;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * What came out of the suite.
 *
 * @param leaks limits of which slots were still taken when all leases had had time to end
 * @param skipped what could not be tried on this machine, in words
 */
record FaultReport(List<RunResult> runs, List<String> leaks, List<String> skipped) {
  private static final int SHOWN = 3;
  private static final double NANOS = 1e9;

  boolean isPassed() {
    return leaks.isEmpty() && runs.stream().allMatch(RunResult::isPassed);
  }

  long operations() {
    return runs.stream().mapToLong(RunResult::operations).sum();
  }

  private long violations() {
    return leaks.size() + runs.stream().mapToLong(run -> run.violations().size()).sum();
  }

  /** One line per run, as soon as it is over. */
  static void printRun(RunResult run, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%3d  %-16s  %6d operations, %4d failed, %3d runs, next grant %s, longest pause %.1f s, %s%n",
        run.number(),
        run.kind().word(),
        run.operations(),
        run.failures(),
        run.runs(),
        run.nextGrantNanos().isPresent() ? seconds(run.nextGrantNanos().getAsLong()) : "never",
        run.pauseNanos() / NANOS,
        run.isPassed() ? "ok" : "FAILED");
    run.strike().evidence().forEach(line -> out.println("       " + line));
    run.problems().forEach(line -> out.println("       PROBLEM: " + line));
    for (var rule : Rule.values()) {
      var broken = run.violations().stream().filter(found -> found.rule() == rule).toList();
      broken.stream()
          .limit(SHOWN)
          .forEach(found -> out.println("       VIOLATION " + rule + ": " + found.what()));
      if (broken.size() > SHOWN) {
        out.printf("       VIOLATION %s: and %d more%n", rule, broken.size() - SHOWN);
      }
    }
    out.flush();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.1f s", nanos / NANOS);
  }

  void print(PrintWriter out) {
    out.println();
    out.printf(
        "%-16s  %4s  %9s  %4s  %10s  %22s  %22s%n",
        "fault", "runs", "ops", "hits", "violations", "next grant med / max", "pause med / max");
    for (var kind : FaultKind.values()) {
      var of = runs.stream().filter(run -> run.kind() == kind).toList();
      if (!of.isEmpty()) {
        out.println(row(kind, of));
      }
    }
    out.println();
    var rules = EnumSet.copyOf(Rule.OF_RUNS);
    rules.addAll(Rule.OF_SLOTS);
    for (var rule : rules) {
      out.printf("  %-62s  %d%n", rule.sentence(), broken(rule));
    }
    leaks.forEach(leak -> out.println("  LEFT AT THE END: " + leak));
    skipped.forEach(what -> out.println("  SKIPPED: " + what));
    out.printf(
        "%d runs, %d operations, %d violations: %s%n",
        runs.size(), operations(), violations(), isPassed() ? "PASSED" : "FAILED");
  }

  private long broken(Rule rule) {
    return runs.stream()
            .flatMap(run -> run.violations().stream())
            .map(Violation::rule)
            .filter(rule::equals)
            .count()
        + (rule == Rule.NO_LEAK ? leaks.size() : 0);
  }

  private static String row(FaultKind kind, List<RunResult> of) {
    return String.format(
        Locale.ROOT,
        "%-16s  %4d  %9d  %4d  %10d  %22s  %22s",
        kind.word(),
        of.size(),
        of.stream().mapToLong(RunResult::operations).sum(),
        of.stream().filter(run -> run.strike().hit()).count(),
        of.stream().mapToLong(run -> run.violations().size()).sum(),
        spread(of.stream().flatMapToLong(run -> run.nextGrantNanos().stream())),
        spread(of.stream().mapToLong(RunResult::pauseNanos)));
  }

  private static String spread(LongStream nanos) {
    var sorted = nanos.sorted().toArray();
    return sorted.length == 0
        ? "-"
        : seconds(sorted[sorted.length / 2]) + " / " + seconds(sorted[sorted.length - 1]);
  }

  ObjectNode json() {
    var mapper = new ObjectMapper();
    var json = mapper.createObjectNode();
    json.put("passed", isPassed()).put("operations", operations()).put("violations", violations());
    var list = json.putArray("runs");
    for (var run : runs) {
      var one = list.addObject();
      one.put("number", run.number()).put("fault", run.kind().word());
      one.put("hit", run.strike().hit()).put("operations", run.operations());
      one.put("failures", run.failures()).put("flow_runs", run.runs());
      run.nextGrantNanos().ifPresent(nanos -> one.put("next_grant_s", nanos / NANOS));
      one.put("longest_pause_s", run.pauseNanos() / NANOS);
      one.set("evidence", mapper.valueToTree(run.strike().evidence()));
      one.set("violations", mapper.valueToTree(run.violations()));
      one.set("problems", mapper.valueToTree(run.problems()));
    }
    json.set("leaks", mapper.valueToTree(new ArrayList<>(leaks)));
    json.set("skipped", mapper.valueToTree(new ArrayList<>(skipped)));
    return json;
  }
}

package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.FinalState.FinalRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Judges a finished test by its log and by the server's final state. Reports only what is certain:
 * an answer that never came counts for neither side.
 */
public final class HistoryChecker {
  private static final int NO_SUCH_LEASE = 404;
  private static final int LEASE_GONE = 410;

  private final History history;
  private final FinalState end;
  private final int limit;
  private final List<Violation> violations = new ArrayList<>();

  private HistoryChecker(History history, FinalState end, int limit) {
    this.history = history;
    this.end = end;
    this.limit = limit;
  }

  /**
   * Every violation there is; empty if the test is passed.
   *
   * @param end read after all workers have stopped
   * @param limit how many runs may hold a slot at once
   */
  public static List<Violation> check(History history, FinalState end, int limit) {
    var checker = new HistoryChecker(history, end, limit);
    checker.everyRunIsKept();
    checker.noStrangers();
    checker.everyRunIsCompleted();
    checker.everyRunRanOnce();
    checker.limitIsRespected();
    checker.leasesAreKept();
    checker.noSlotLeaks();
    return List.copyOf(checker.violations);
  }

  private void found(Rule rule, String what, Object... facts) {
    violations.add(new Violation(rule, what.formatted(facts)));
  }

  private void everyRunIsKept() {
    for (var run : history.created().keySet()) {
      if (!end.runs().containsKey(run)) {
        found(Rule.KEPT, "run %s was acknowledged and is gone", run);
      }
    }
  }

  /** A creation that was never answered may have left a run all the same. */
  private void noStrangers() {
    var created = history.created().keySet();
    var strangers = end.runs().keySet().stream().filter(run -> !created.contains(run)).toList();
    long excused = history.creationsInDoubt();
    if (strangers.size() > excused) {
      found(
          Rule.NO_STRANGERS,
          "%d runs were never acknowledged, %d creations went unanswered; one is %s",
          strangers.size(),
          excused,
          strangers.get(0));
    }
  }

  private void everyRunIsCompleted() {
    var told = history.completions();
    end.runs()
        .forEach(
            (run, last) -> {
              var calls = told.getOrDefault(run, Set.of());
              if (!last.state().equals("COMPLETED")) {
                found(
                    Rule.COMPLETED,
                    "run %s is %s%s",
                    run,
                    last.state(),
                    calls.isEmpty() ? "" : ", but its worker was told that it is COMPLETED");
              } else if (calls.isEmpty()) {
                found(Rule.COMPLETED, "run %s is COMPLETED, but no worker was told so", run);
              } else if (calls.size() > 1) {
                found(Rule.COMPLETED, "run %s was completed %d times", run, calls.size());
              }
            });
  }

  private void everyRunRanOnce() {
    var executions = history.executions();
    executions.forEach(
        (run, calls) -> {
          if (calls.size() > 1) {
            found(Rule.ONCE, "run %s: %d runs, by %s", run, calls.size(), history.runners(run));
          }
        });
    end.runs()
        .forEach(
            (run, last) -> {
              int seen = executions.getOrDefault(run, Set.of()).size();
              if (seen <= 1 && last.state().equals("COMPLETED") && !ranOnce(last, seen)) {
                found(
                    Rule.ONCE,
                    "run %s: workers ran it %d times, the server counts %d",
                    run,
                    seen,
                    last.runCount());
              }
            });
  }

  private static boolean ranOnce(FinalRun last, int seen) {
    return seen == 1 && last.runCount() == 1;
  }

  private void limitIsRespected() {
    var holding = new ArrayList<Hold>();
    int most = limit;
    for (var hold : history.holds()) {
      holding.removeIf(other -> other.toNanos() <= hold.fromNanos());
      holding.add(hold);
      if (holding.size() > most) {
        most = holding.size();
        found(
            Rule.WITHIN_LIMIT,
            "at %.3f s %d runs held a slot of %d; the last was %s of %s",
            hold.fromNanos() / 1e9,
            holding.size(),
            limit,
            hold.run(),
            hold.worker());
      }
    }
  }

  /** A renewal that is refused before the end of its run was even asked for. */
  private void leasesAreKept() {
    Map<String, Long> ended = new HashMap<>();
    for (var entry : history.entries()) {
      if (entry.op() == Op.COMPLETED && entry.kind() == Kind.SENT) {
        ended.putIfAbsent(entry.run(), entry.atNanos());
      } else if (entry.op() == Op.RENEW
          && entry.kind() == Kind.ANSWERED
          && (entry.status() == LEASE_GONE || entry.status() == NO_SUCH_LEASE)
          && !ended.containsKey(entry.run())) {
        found(
            Rule.LEASES_KEPT,
            "run %s: renewal answered %d at %.3f s",
            entry.run(),
            entry.status(),
            entry.atNanos() / 1e9);
      }
    }
  }

  private void noSlotLeaks() {
    end.slots().entrySet().stream()
        .filter(slots -> slots.getValue() != 0)
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(
            slots -> found(Rule.NO_LEAK, "%s: %d slots taken", slots.getKey(), slots.getValue()));
  }
}

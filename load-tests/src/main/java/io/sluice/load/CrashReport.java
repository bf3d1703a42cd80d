package io.sluice.load;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.history.FinalState;
import io.sluice.load.history.Rule;
import io.sluice.load.history.Violation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * What came out of a crash test.
 *
 * @param kills how often the node was killed in the midst of the burst
 */
record CrashReport(
    BurstReport burst,
    FinalState end,
    List<Violation> violations,
    int kills,
    int killsWanted,
    int leases) {
  private static final int SHOWN = 5;

  boolean isPassed() {
    return violations.isEmpty() && kills == killsWanted && created() == burst.plan().runs();
  }

  private int created() {
    return burst.figures().created();
  }

  private long broken(Rule rule) {
    return violations.stream().filter(violation -> violation.rule() == rule).count();
  }

  private String checked(Rule rule) {
    return switch (rule) {
      case KEPT -> created() + " runs";
      case NO_STRANGERS, COMPLETED, ONCE -> end.runs().size() + " runs";
      case WITHIN_LIMIT -> "peak %d of %d".formatted(burst.figures().peak(), burst.plan().limit());
      case LEASES_KEPT -> leases + " renewals";
      case NO_LEAK -> end.slots().size() + " counters";
      default -> throw new IllegalArgumentException(rule + " is no rule of runs");
    };
  }

  void print(PrintWriter out) {
    burst.print(out);
    out.println();
    out.printf(
        Locale.ROOT,
        "%d of %d kills in the midst, one more after the last run; then:%n",
        kills,
        killsWanted);
    out.printf(Locale.ROOT, "  %-60s  %-14s  %s%n", "rule", "checked", "violations");
    for (var rule : Rule.OF_RUNS) {
      out.printf(Locale.ROOT, "  %-60s  %-14s  %d%n", rule.sentence(), checked(rule), broken(rule));
      violations.stream()
          .filter(violation -> violation.rule() == rule)
          .limit(SHOWN)
          .forEach(violation -> out.println("      " + violation.what()));
    }
    out.println(isPassed() ? "PASSED" : "FAILED" + why());
  }

  private String why() {
    if (created() < burst.plan().runs()) {
      return ": only %d of %d runs were created".formatted(created(), burst.plan().runs());
    }
    return kills < killsWanted
        ? ": only %d of %d kills took place; use more --runs".formatted(kills, killsWanted)
        : ": %d violations".formatted(violations.size());
  }

  ObjectNode json() {
    var json = ApiClient.object();
    json.put("passed", isPassed()).put("kills", kills);
    var rules = json.putObject("violations");
    for (var rule : Rule.OF_RUNS) {
      rules.put(rule.name(), broken(rule));
    }
    json.set("what", ApiClient.JSON.valueToTree(violations));
    json.set("burst", burst.json());
    return json;
  }
}

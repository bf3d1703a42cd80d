package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The rules of flow runs")
class FlowRunRulesTest {
  private static final List<RuleRow> ROWS =
      RuleRow.table(FlowRunRulesTest.class, "flow-run-rules.txt");

  /** What came of a row. */
  private record Walked(
      String outcome, String reason, RuleRow.Kind state, List<String> facts, FlowRun after) {}

  @TestFactory
  Stream<DynamicTest> say_what_the_table_says() {
    return ROWS.stream().map(row -> dynamicTest(row.toString(), () -> check(row)));
  }

  private static void check(RuleRow row) {
    var walked = walk(row, rules(row));
    assertThat(walked.outcome()).as("%s", row).isEqualTo(row.outcome());
    assertThat(walked.state()).as("%s", row).isEqualTo(row.state());
    assertThat(walked.facts()).as("%s", row).containsExactlyInAnyOrderElementsOf(row.facts());
    assertThat(walked.reason()).as("%s", row).isEqualTo(row.reason());
  }

  private static List<FlowRunRule> rules(RuleRow row) {
    return row.has("force") ? FlowRunRules.FORCED : FlowRunRules.NORMAL;
  }

  private static Walked walk(RuleRow row, List<FlowRunRule> rules) {
    var run = Runs.of(row);
    var ruling = FlowRunRules.judge(rules, run, Runs.proposal(row), NOW);
    if (ruling instanceof Ruling.Stay stay) {
      var outcome =
          stay.status() == Ruling.Status.WAIT
              ? "WAIT " + stay.delaySeconds()
              : stay.status().toString();
      return new Walked(outcome, stay.reason(), null, List.of(), run);
    }
    var enter = (Ruling.Enter) ruling;
    var state = enter.state().entered(new UUID(9, 9), NOW);
    var after = run.entering(state, enter.policy(), enter.after());
    return new Walked(
        enter.status().toString(),
        enter.reason(),
        new RuleRow.Kind(state.type(), state.name()),
        facts(run, after),
        after);
  }

  private static List<String> facts(FlowRun before, FlowRun after) {
    var facts = new ArrayList<String>();
    var was = before.policy();
    var is = after.policy();
    if (was.retryType() != is.retryType()) {
      facts.add(
          "retry-type=" + (is.retryType() == null ? "none" : is.retryType().name().toLowerCase()));
    }
    if (!was.resuming().equals(is.resuming())) {
      facts.add(is.resuming() ? "resuming" : "not-resuming");
    }
    if (!was.pauseKeys().equals(is.pauseKeys())) {
      var keys = String.join(",", is.pauseKeysSorted());
      facts.add("pause-keys=" + (keys.isEmpty() ? "none" : keys));
    }
    if (before.progress().runCount() != after.progress().runCount()) {
      facts.add("run-count=" + after.progress().runCount());
    }
    var details = after.state().details();
    if (details.deploymentConcurrencyLeaseId() != null) {
      facts.add(details.deploymentConcurrencyLeaseId().equals(Runs.LEASE) ? "lease" : "own-lease");
    }
    if (details.scheduledTime() != null) {
      facts.add("at=" + RuleRow.seconds(details.scheduledTime()));
    }
    if (after.state().message() != null) {
      facts.add("message=" + after.state().message().replace(' ', '_'));
    }
    return facts;
  }

  // ---- the table itself ----

  @Test
  void were_asked_about_every_arrow_between_two_states() {
    var asked = new TreeSet<String>();
    ROWS.stream().filter(row -> !row.has("force")).forEach(row -> asked.add(arrow(row)));
    var all = new TreeSet<String>();
    for (var to : StateType.values()) {
      all.add("none → " + to);
      for (var from : StateType.values()) {
        all.add(from + " → " + to);
      }
    }
    assertThat(asked).isEqualTo(all);
  }

  private static String arrow(RuleRow row) {
    return (row.from() == null ? "none" : row.from().type()) + " → " + row.proposed().type();
  }

  @Test
  void are_each_needed_by_some_row() {
    assertThat(notNeeded(FlowRunRules.NORMAL, false)).isEmpty();
    assertThat(notNeeded(FlowRunRules.FORCED, true)).isEmpty();
  }

  private static Set<String> notNeeded(List<FlowRunRule> rules, boolean forced) {
    var idle = new HashSet<String>();
    for (var rule : rules) {
      var others = rules.stream().filter(other -> other != rule).toList();
      boolean needed =
          ROWS.stream()
              .filter(row -> row.has("force") == forced)
              .anyMatch(row -> !walk(row, others).equals(walk(row, rules)));
      if (!needed) {
        idle.add(rule.name());
      }
    }
    return idle;
  }

  @Test
  void change_nothing_of_a_run_that_stays_in_its_state() {
    for (var row : ROWS) {
      if (row.state() == null) {
        assertThat(walk(row, rules(row)).after()).as("%s", row).isEqualTo(Runs.of(row));
      }
    }
  }

  @Test
  void make_up_the_diagram_of_states() throws IOException {
    assertThat(diagram()).isEqualToNormalizingNewlines(text("flow-run-states.txt"));
  }

  private static String text(String file) throws IOException {
    try (var in = FlowRunRulesTest.class.getResourceAsStream(file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** One line per state: to which it may go, to which not, and where it depends. */
  private static String diagram() {
    var text = new StringBuilder("%-11s".formatted("from \\ to"));
    for (var to : StateType.values()) {
      text.append("%-11s".formatted(to));
    }
    var froms = new ArrayList<StateType>(EnumSet.allOf(StateType.class));
    froms.add(0, null);
    for (var from : froms) {
      text.append("%n%-11s".formatted(from == null ? "none" : from));
      for (var to : StateType.values()) {
        text.append("%-11s".formatted(cell(from, to)));
      }
    }
    return text.toString().lines().map(String::stripTrailing).reduce("", (a, b) -> a + b + "\n");
  }

  private static String cell(StateType from, StateType to) {
    var ends = EnumSet.noneOf(StateType.class);
    boolean stays = false;
    for (var row : ROWS) {
      var type = row.from() == null ? null : row.from().type();
      if (type == from && row.proposed().type() == to && !row.has("force")) {
        var walked = walk(row, FlowRunRules.NORMAL);
        stays |= walked.state() == null;
        if (walked.state() != null) {
          ends.add(walked.state().type());
        }
      }
    }
    boolean goes = ends.remove(to);
    return goes ? stays || !ends.isEmpty() ? "if" : "yes" : "no";
  }

  // ---- what needs no table ----

  @Test
  void let_a_run_start_half_a_second_early_and_not_more() {
    assertThat(startsEarlyBy(500)).isInstanceOf(Ruling.Enter.class);
    assertThat(startsEarlyBy(501))
        .isEqualTo(new Ruling.Stay(Ruling.Status.WAIT, "Scheduled time is in the future", 1));
    var never = Duration.ofDays(2_900_000);
    assertThat(startsEarlyBy(never.toMillis()))
        .isEqualTo(
            new Ruling.Stay(
                Ruling.Status.WAIT, "Scheduled time is in the future", Integer.MAX_VALUE));
  }

  private static Ruling startsEarlyBy(long millis) {
    var run = Runs.created(FlowRunPolicy.NONE);
    var due = Runs.state(StateType.SCHEDULED, null, NOW.plusMillis(millis));
    return FlowRunRules.judge(
        FlowRunRules.NORMAL,
        run.entering(due, run.policy(), same -> same),
        ProposedState.of(StateType.RUNNING),
        NOW);
  }

  @Test
  void take_an_empty_process_id_for_none() {
    var run = Runs.created(FlowRunPolicy.NONE);
    var scheduled =
        run.with(run.spec().with(s -> s.infrastructurePid = ""), run.policy(), NOW)
            .entering(Runs.state(StateType.SCHEDULED, null, NOW), run.policy(), same -> same);
    var ruling =
        FlowRunRules.judge(
            FlowRunRules.NORMAL, scheduled, ProposedState.of(StateType.CANCELLING), NOW);
    assertThat(((Ruling.Enter) ruling).state().type()).isEqualTo(StateType.CANCELLED);
  }

  @Test
  void schedule_a_run_without_a_time_for_now() {
    var ruling =
        FlowRunRules.judge(
            FlowRunRules.NORMAL,
            Runs.created(FlowRunPolicy.NONE),
            ProposedState.of(StateType.SCHEDULED),
            NOW);
    assertThat(((Ruling.Enter) ruling).state().details().scheduledTime()).isEqualTo(NOW);
  }
}

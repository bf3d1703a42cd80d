package io.sluice.task;

import static io.sluice.run.RuleRow.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.run.Progress;
import io.sluice.run.ProposedState;
import io.sluice.run.RuleRow;
import io.sluice.run.Ruling;
import io.sluice.run.State;
import io.sluice.run.StateDetails;
import io.sluice.run.StateType;
import io.sluice.task.TaskDraft.FlowFacts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The rules of task runs")
class TaskRulesTest {
  private static final List<RuleRow> ROWS =
      RuleRow.table(TaskRulesTest.class, "task-run-rules.txt");
  private static final UUID FLOW_RUN = new UUID(1, 2);
  private static final double CHANCE = 0.25;

  private record Walked(
      String outcome, String reason, RuleRow.Kind state, List<String> facts, TaskRun after) {}

  @TestFactory
  Stream<DynamicTest> say_what_the_table_says() {
    return ROWS.stream().map(row -> dynamicTest(row.toString(), () -> check(row)));
  }

  private static void check(RuleRow row) {
    var walked = walk(row, rules(row));
    assertThat(walked.outcome()).as("%s", row).isEqualTo(row.outcome());
    assertThat(walked.state()).as("%s", row).isEqualTo(row.state());
    assertThat(walked.facts()).as("%s", row).containsExactlyInAnyOrderElementsOf(row.facts());
    var reason = row.reason() == null ? null : row.reason().replace("<flow run>", "" + FLOW_RUN);
    assertThat(walked.reason()).as("%s", row).isEqualTo(reason);
  }

  private static List<TaskRule> rules(RuleRow row) {
    return TaskRules.of(proposal(row), row.has("force"));
  }

  /** As {@link TaskRunActor} does it: judges, then enters the state. */
  private static Walked walk(RuleRow row, List<TaskRule> rules) {
    var draft = TaskDraft.of(run(row), proposal(row), NOW, CHANCE);
    var flow = draft.proposed().type() == StateType.RUNNING ? flow(row) : null;
    var judged = TaskRules.judge(rules, rules.isEmpty() ? draft : draft.with(flow, cached(row)));
    if (judged.ruling() instanceof Ruling.Stay stay) {
      var outcome =
          stay.status() == Ruling.Status.WAIT
              ? "WAIT " + stay.delaySeconds()
              : stay.status().toString();
      return new Walked(outcome, stay.reason(), null, List.of(), run(row));
    }
    var enter = (Ruling.Enter) judged.ruling();
    var state = enter.state().entered(new UUID(9, 9), NOW);
    int flowRuns =
        judged.flow() == null ? judged.run().flowRunRunCount() : judged.flow().runCount();
    var after = judged.run().entering(state, judged.runCount(), flowRuns, null);
    return new Walked(
        enter.status().toString(),
        enter.reason(),
        new RuleRow.Kind(state.type(), state.name()),
        facts(judged.run(), after),
        after);
  }

  private static List<String> facts(TaskRun before, TaskRun after) {
    var facts = new ArrayList<String>();
    if (before.progress().runCount() != after.progress().runCount()) {
      facts.add("run-count=" + after.progress().runCount());
    }
    if (before.flowRunRunCount() != after.flowRunRunCount()) {
      facts.add("seen-flow-run-count=" + after.flowRunRunCount());
    }
    var details = after.state().details();
    if (details.scheduledTime() != null) {
      facts.add("at=" + RuleRow.seconds(details.scheduledTime()));
    }
    if (details.taskParametersId() != null) {
      facts.add("parameters=" + details.taskParametersId().getLeastSignificantBits());
    }
    if (details.pauseReschedule()) {
      facts.add("reschedules");
    }
    if (after.state().message() != null) {
      facts.add("message=" + after.state().message().replace(' ', '_'));
    }
    return facts;
  }

  // ---- what a row describes ----

  private static TaskRun run(RuleRow row) {
    var delays =
        row.has("retry-delay")
            ? Arrays.stream(row.words().get("retry-delay").split(",")).map(Double::valueOf).toList()
            : null;
    var policy =
        new TaskRunPolicy(
            0, 0, row.number("retries"), delays, false, row.has("jitter") ? 1.0 : null);
    var spec =
        new TaskRunSpec(
            "x",
            row.has("no-flow") ? null : FLOW_RUN,
            "k",
            "0",
            null,
            null,
            null,
            policy,
            List.of(),
            null,
            null);
    return new TaskRun(
        new UUID(1, 1),
        3,
        NOW.minusSeconds(60),
        NOW.minusSeconds(5),
        spec,
        null,
        row.number("seen-flow-run-count", 1),
        Progress.NONE.withRunCount(row.number("run-count", 0)),
        state(row));
  }

  private static State state(RuleRow row) {
    if (row.from() == null) {
      return null;
    }
    var type = row.from().type();
    var due = row.time("due");
    var scheduled = due == null && type == StateType.SCHEDULED ? NOW.minusSeconds(1) : due;
    return new State(
        new UUID(6, 6),
        type,
        row.from().name(),
        NOW.minusSeconds(5),
        null,
        row.has("result") ? data("reference") : row.has("unpersisted") ? data("unpersisted") : null,
        StateDetails.NONE.with(
            d -> {
              d.scheduledTime = scheduled;
              d.taskParametersId = row.has("parameters") ? new UUID(0, 1) : null;
            }));
  }

  private static JsonNode data(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ProposedState proposal(RuleRow row) {
    var key = row.words().get("cache-key");
    var details =
        StateDetails.NONE.with(
            d -> {
              d.scheduledTime = row.time("at");
              d.deferred = row.has("deferred");
              d.taskParametersId = row.has("new-parameters") ? new UUID(0, 2) : null;
              d.retriable = row.has("not-retriable") ? false : null;
              d.cacheKey =
                  key == null ? null : key.isEmpty() ? "k" : "k".repeat(Integer.parseInt(key));
            });
    return new ProposedState(
        row.proposed().type(),
        row.proposed().name(),
        row.words().get("message"),
        row.has("new-result") ? data("reference") : null,
        details);
  }

  private static FlowFacts flow(RuleRow row) {
    if (row.has("no-flow")) {
      return null;
    }
    var type = row.words().getOrDefault("flow", "RUNNING");
    return new FlowFacts(
        type.equals("none") ? null : StateType.valueOf(type),
        null,
        row.has("flow-suspended"),
        row.number("flow-run-count", 1));
  }

  /** The owner looks a key up only if it is asked to start under it and not to refresh it. */
  private static ProposedState cached(RuleRow row) {
    boolean looksUp =
        row.proposed().type() == StateType.RUNNING && row.has("cache-key") && !row.has("refresh");
    return looksUp && row.has("cached") ? ProposedState.of(StateType.COMPLETED) : null;
  }

  // ---- the table itself ----

  @Test
  void were_asked_about_every_arrow_between_two_states() {
    var asked = new TreeSet<String>();
    for (var row : ROWS) {
      asked.add((row.from() == null ? "none" : row.from().type()) + " → " + row.proposed().type());
    }
    assertThat(asked).hasSize((StateType.values().length + 1) * StateType.values().length);
  }

  @Test
  void are_each_needed_by_some_row() {
    for (var rules : List.of(TaskRules.CORE, TaskRules.BACKGROUND)) {
      var rows = ROWS.stream().filter(row -> rules(row) == rules).toList();
      for (var rule : rules) {
        var others = rules.stream().filter(other -> other != rule).toList();
        assertThat(rows)
            .as(rule.name())
            .anyMatch(row -> !walk(row, others).equals(walk(row, rules)));
      }
    }
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
    var row = ROWS.stream().filter(r -> "SCHEDULED".equals("" + r.from())).findFirst().get();
    var due = state(row).proposed().with(d -> d.scheduledTime = NOW.plusMillis(millis));
    var run = run(row).entering(due.entered(new UUID(6, 6), NOW), 0, 1, null);
    return TaskRules.judge(
            TaskRules.CORE, TaskDraft.of(run, ProposedState.of(StateType.RUNNING), NOW, CHANCE))
        .ruling();
  }

  @Test
  void keep_the_pause_of_the_flow_in_a_task_that_must_not_start() {
    var timeout = NOW.plusSeconds(60);
    var run =
        run(ROWS.get(0))
            .entering(ProposedState.of(StateType.PENDING).entered(new UUID(6, 6), NOW), 0, 1, null);
    var draft =
        TaskDraft.of(run, ProposedState.of(StateType.RUNNING), NOW, CHANCE)
            .with(new FlowFacts(StateType.PAUSED, timeout, true, 1), null);
    var details =
        ((Ruling.Enter) TaskRules.judge(TaskRules.CORE, draft).ruling()).state().details();
    assertThat(details.pauseTimeout()).isEqualTo(timeout);
    assertThat(details.pauseReschedule()).isTrue();
  }

  @Test
  void let_a_run_with_an_empty_result_run_again() {
    var done =
        new ProposedState(
            StateType.COMPLETED, null, null, JsonNodeFactory.instance.objectNode(), null);
    var run = run(ROWS.get(0)).entering(done.entered(new UUID(6, 6), NOW), 0, 1, null);
    assertThat(
            TaskRules.judge(
                    TaskRules.CORE,
                    TaskDraft.of(run, ProposedState.of(StateType.RUNNING), NOW, CHANCE))
                .ruling())
        .isInstanceOf(Ruling.Enter.class);
  }
}

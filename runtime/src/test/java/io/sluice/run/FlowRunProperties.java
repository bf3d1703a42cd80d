package io.sluice.run;

import static io.sluice.run.RuleRow.NOW;
import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;

/** What holds of a flow run after any sequence of proposals, told from its states alone. */
class FlowRunProperties {
  private static final Set<StateType> CLAIMED = EnumSet.of(PENDING, RUNNING, CANCELLING, CANCELLED);
  private static final Set<String> SEEN = new HashSet<>();

  /** A proposal, so many milliseconds after the one before; negative: the clock went back. */
  record Step(long afterMillis, StateType type, String name, boolean force, long dueMillis) {}

  @Property(tries = 2000)
  @Label("states, times, counts and version of a run fit each other whatever is proposed")
  void booksAreRight(@ForAll("steps") List<Step> steps, @ForAll("retries") int retries) {
    var run = Runs.created(new FlowRunPolicy(0, 0, retries, 5, Set.of(), false, null));
    var history = new ArrayList<State>();
    int runs = 0;
    var now = NOW;
    for (var step : steps) {
      now = now.plusMillis(step.afterMillis());
      var before = run;
      var ruling = judge(run, step, now);
      if (ruling instanceof Ruling.Enter enter) {
        run = enter(run, enter, now);
        history.add(run.state());
        runs += run.stateType() == RUNNING && !enter.policy().resuming() ? 1 : 0;
        checkStep(before, run, step, enter);
      }
      SEEN.add(step.force() + " " + outcome(ruling));
      check(run, history, runs);
    }
  }

  private static Ruling judge(FlowRun run, Step step, Instant now) {
    var due = step.type() == SCHEDULED ? now.plusMillis(step.dueMillis()) : null;
    var proposed =
        new ProposedState(
            step.type(),
            step.name(),
            null,
            null,
            StateDetails.NONE.with(d -> d.scheduledTime = due));
    var rules = step.force() ? FlowRunRules.FORCED : FlowRunRules.NORMAL;
    return FlowRunRules.judge(rules, run, proposed, now);
  }

  private static FlowRun enter(FlowRun run, Ruling.Enter enter, Instant now) {
    var at = run.timeOfNextState(now);
    var state = enter.state().entered(new UUID(1, run.version()), at);
    return run.entering(state, enter.policy(), enter.after());
  }

  private static String outcome(Ruling ruling) {
    return ruling instanceof Ruling.Stay stay
        ? "stays: " + stay.status()
        : "enters: " + ((Ruling.Enter) ruling).status();
  }

  private static void checkStep(FlowRun before, FlowRun after, Step step, Ruling.Enter enter) {
    assertThat(after.version()).isEqualTo(before.version() + 1);
    assertThat(after.updated()).isEqualTo(after.state().timestamp());
    if (before.state() != null) {
      assertThat(after.state().timestamp()).isAfter(before.state().timestamp());
    }
    if (before.progress().expectedStart() != null) {
      assertThat(after.progress().expectedStart()).isEqualTo(before.progress().expectedStart());
    }
    if (step.force()) {
      return;
    }
    boolean claims =
        after.stateType() == PENDING && after.state().name().equals(StateNames.PENDING);
    if (claims) {
      assertThat(CLAIMED).doesNotContain(before.stateType());
    }
    if (before.stateType() == CANCELLING) {
      assertThat(after.stateType()).isEqualTo(CANCELLED);
    }
    if (after.policy().retryType() == RetryType.IN_PROCESS
        && before.policy().retryType() != RetryType.IN_PROCESS) {
      assertThat(enter.status()).isEqualTo(Ruling.Status.REJECT);
      assertThat(after.progress().runCount()).isLessThanOrEqualTo(after.policy().retries());
    }
  }

  private static void check(FlowRun run, List<State> history, int runs) {
    assertThat(run.version()).isEqualTo(history.size());
    var progress = run.progress();
    assertThat(progress.runCount()).isEqualTo(runs);
    assertThat(progress.totalRunTime()).isEqualTo(timeRunning(history));
    assertThat(progress.start()).isEqualTo(start(history));
    assertThat(progress.end()).isEqualTo(end(history));
    boolean scheduled = run.stateType() == SCHEDULED;
    assertThat(progress.nextScheduledStart())
        .isEqualTo(scheduled ? run.state().details().scheduledTime() : null);
    assertThat(progress.waitingSince()).isEqualTo(waitingSince(history));
    assertThat(run.isWaitingForWorker() && run.occupiesQueue()).isFalse();
    if (scheduled) {
      assertThat(run.isWaitingForWorker() || run.occupiesQueue()).isTrue();
    }
  }

  // ---- the same, told from the history ----

  private static Duration timeRunning(List<State> history) {
    var sum = Duration.ZERO;
    for (int i = 1; i < history.size(); i++) {
      if (history.get(i - 1).type() == RUNNING) {
        sum =
            sum.plus(Duration.between(history.get(i - 1).timestamp(), history.get(i).timestamp()));
      }
    }
    return sum;
  }

  private static Instant start(List<State> history) {
    return history.stream()
        .filter(state -> state.type() == RUNNING || state.type().isTerminal())
        .map(State::timestamp)
        .findFirst()
        .orElse(null);
  }

  private static Instant end(List<State> history) {
    Instant end = null;
    for (int i = history.size() - 1; i >= 0 && history.get(i).type().isTerminal(); i--) {
      end = history.get(i).timestamp();
    }
    return end;
  }

  private static Instant waitingSince(List<State> history) {
    Instant since = null;
    for (var state : history) {
      boolean goesOn = since != null && StateNames.STILL_WAITING.contains(state.name());
      since = state.type() != SCHEDULED ? null : goesOn ? since : state.details().scheduledTime();
    }
    return since;
  }

  // ---- proposals ----

  @Provide
  Arbitrary<Integer> retries() {
    return Arbitraries.integers().between(0, 2);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    var millis = Arbitraries.of(0L, 1L, 700L, 61_000L, -3_000L);
    var types = Arbitraries.of(StateType.class);
    var named = Arbitraries.integers().between(0, 2);
    var force = Arbitraries.of(false, false, false, true);
    var due = Arbitraries.of(-5_000L, 0L, 400L, 30_000L);
    return Combinators.combine(millis, types, named, force, due)
        .as((after, type, n, forced, at) -> new Step(after, type, name(type, n), forced, at))
        .list()
        .ofMaxSize(30);
  }

  private static String name(StateType type, int n) {
    return switch (type) {
      case SCHEDULED ->
          List.of("Scheduled", StateNames.LATE, StateNames.AWAITING_CONCURRENCY_SLOT).get(n);
      case PENDING -> List.of(StateNames.PENDING, "Submitting", "InfrastructurePending").get(n);
      default -> type.defaultName();
    };
  }

  @AfterContainer
  static void everyOutcomeWasSeen() {
    assertThat(SEEN)
        .contains(
            "false enters: ACCEPT",
            "false enters: REJECT",
            "false stays: REJECT",
            "false stays: WAIT",
            "false stays: ABORT",
            "true enters: ACCEPT",
            "true enters: REJECT");
  }
}

package io.sluice.task;

import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.CANCELLING;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.CRASHED;
import static io.sluice.run.StateType.FAILED;
import static io.sluice.run.StateType.PAUSED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static io.sluice.run.StateType.TERMINAL;

import io.sluice.run.ProposedState;
import io.sluice.run.StateDetails;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import io.sluice.store.Seconds;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The rules by which a task run that the server orchestrates goes from state to state, in the order
 * in which they are asked (Prefect 3.8.8, server/orchestration/core_policy.py). Whether slots of
 * tag limits are free is asked by the owner, once the rules have accepted a start.
 */
final class TaskRules {
  private static final Set<StateType> NOT_AFTER_THE_END = EnumSet.of(CANCELLING, PAUSED, CRASHED);
  private static final Set<StateType> ANY = EnumSet.allOf(StateType.class);
  private static final int CACHE_KEY_MAX = 2000;

  private static final TaskRule PREVENT_PENDING =
      new TaskRule(
          "PreventPendingTransitions",
          EnumSet.of(PENDING, CANCELLING, RUNNING, CANCELLED),
          EnumSet.of(PENDING),
          TaskRules::oneSubmission);
  private static final TaskRule CACHE_RETRIEVAL =
      new TaskRule("CacheRetrieval", null, EnumSet.of(RUNNING), TaskRules::takeFromCache);
  private static final TaskRule HANDLE_TERMINAL =
      new TaskRule("HandleTaskTerminalStateTransitions", TERMINAL, ANY, TaskRules::afterTheEnd);
  private static final TaskRule PREVENT_RUNNING =
      new TaskRule(
          "PreventRunningTasksFromStoppedFlows",
          null,
          EnumSet.of(RUNNING),
          TaskRules::onlyInRunningFlow);
  private static final TaskRule COPY_SCHEDULED_TIME =
      new TaskRule(
          "CopyScheduledTime",
          EnumSet.of(SCHEDULED),
          EnumSet.of(PENDING),
          TaskRules::copyScheduledTime);
  private static final TaskRule COPY_PARAMETERS_ID =
      new TaskRule(
          "CopyTaskParametersID",
          EnumSet.of(SCHEDULED, PENDING),
          EnumSet.of(PENDING, RUNNING),
          TaskRules::copyParametersId);
  private static final TaskRule WAIT_FOR_SCHEDULED_TIME =
      new TaskRule(
          "WaitForScheduledTime",
          EnumSet.of(SCHEDULED, PENDING),
          EnumSet.of(RUNNING),
          TaskRules::notTooEarly);
  private static final TaskRule RETRY_FAILED =
      new TaskRule("RetryFailedTasks", EnumSet.of(RUNNING), EnumSet.of(FAILED), TaskRules::retry);
  private static final TaskRule RENAME_RERUNS =
      new TaskRule("RenameReruns", ANY, EnumSet.of(RUNNING), TaskRules::rename);
  private static final TaskRule CACHE_INSERTION =
      new TaskRule("CacheInsertion", null, EnumSet.of(COMPLETED), TaskRules::boundCacheKey);

  /** CoreTaskPolicy. */
  static final List<TaskRule> CORE =
      List.of(
          CACHE_RETRIEVAL,
          HANDLE_TERMINAL,
          PREVENT_RUNNING,
          COPY_SCHEDULED_TIME,
          WAIT_FOR_SCHEDULED_TIME,
          RETRY_FAILED,
          RENAME_RERUNS,
          CACHE_INSERTION);

  /** BackgroundTaskPolicy: one task worker gets the run, whatever its flow run does. */
  static final List<TaskRule> BACKGROUND =
      List.of(
          PREVENT_PENDING,
          CACHE_RETRIEVAL,
          HANDLE_TERMINAL,
          COPY_SCHEDULED_TIME,
          COPY_PARAMETERS_ID,
          WAIT_FOR_SCHEDULED_TIME,
          RETRY_FAILED,
          RENAME_RERUNS,
          CACHE_INSERTION);

  private TaskRules() {}

  /**
   * The rules for a proposal: none if it is forced, but those of background tasks hold for a
   * deferred one even then (Prefect 3.8.8, models/task_runs.py set_task_run_state).
   */
  static List<TaskRule> of(ProposedState proposed, boolean force) {
    if (isBackground(proposed)) {
      return BACKGROUND;
    }
    return force ? List.of() : CORE;
  }

  /** Whether {@code proposed} is for a background task, which takes no slots of tag limits. */
  static boolean isBackground(ProposedState proposed) {
    return Boolean.TRUE.equals(proposed.details().deferred());
  }

  /** The draft with the ruling of {@code rules}. */
  static TaskDraft judge(List<TaskRule> rules, TaskDraft draft) {
    var judged = draft.with(draft.proposed().scheduledBy(draft.now()));
    var proposed = draft.proposed().type();
    for (var rule : rules) {
      if (!judged.isSettled() && rule.matches(draft.run().stateType(), proposed)) {
        judged = rule.judge().apply(judged);
      }
    }
    return judged.accept();
  }

  private static TaskDraft oneSubmission(TaskDraft draft) {
    var current = draft.run().state();
    var proposed = draft.proposed();
    boolean goesOn =
        current.type() == PENDING
            && !proposed.name().equals(current.name())
            && !proposed.name().equals(PENDING.defaultName());
    return goesOn
        ? draft.with(proposed.with(d -> d.scheduledTime = current.details().scheduledTime()))
        : draft.abort(
            "This run is in a %s state and cannot transition to a PENDING state."
                .formatted(current.type()));
  }

  private static TaskDraft takeFromCache(TaskDraft draft) {
    return draft.cached() == null
        ? draft
        : draft.rejectTo(draft.cached().named("Cached"), "Retrieved state from cache");
  }

  private static TaskDraft afterTheEnd(TaskDraft draft) {
    var current = draft.run().state();
    var to = draft.proposed().type();
    if (NOT_AFTER_THE_END.contains(to)) {
      return draft.abort("Run is already %s.".formatted(current.type()));
    }
    if (current.type() == COMPLETED && current.hasPersistedResult()) {
      return draft.reject("This run is already completed.");
    }
    var counted = to.isTerminal() ? draft : draft.countingFrom(0);
    boolean flowRunsAgain =
        to == RUNNING
            && draft.flow() != null
            && draft.run().flowRunRunCount() < draft.flow().runCount();
    return flowRunsAgain ? counted.with(draft.proposed().named("Retrying")) : counted;
  }

  private static TaskDraft onlyInRunningFlow(TaskDraft draft) {
    var flow = draft.flow();
    if (flow == null || flow.state() == RUNNING) {
      return draft;
    }
    if (flow.state() != PAUSED) {
      return draft.abort("The enclosing flow must be running to begin task execution.");
    }
    var details =
        StateDetails.NONE.with(
            d -> {
              d.pauseTimeout = flow.pauseTimeout();
              d.pauseReschedule = flow.pauseReschedule();
            });
    return draft.rejectTo(
        new ProposedState(PAUSED, "NotReady", null, null, details),
        "The flow is paused, new tasks can execute after resuming flow run: %s."
            .formatted(draft.run().spec().flowRunId()));
  }

  private static TaskDraft copyScheduledTime(TaskDraft draft) {
    return draft.proposed().details().scheduledTime() == null
        ? draft.with(
            draft
                .proposed()
                .with(d -> d.scheduledTime = draft.run().state().details().scheduledTime()))
        : draft;
  }

  private static TaskDraft copyParametersId(TaskDraft draft) {
    var known = draft.run().state().details().taskParametersId();
    return draft.proposed().details().taskParametersId() == null
        ? draft.with(draft.proposed().with(d -> d.taskParametersId = known))
        : draft;
  }

  private static TaskDraft notTooEarly(TaskDraft draft) {
    var scheduled = draft.run().state().details().scheduledTime();
    if (scheduled == null || !scheduled.isAfter(draft.now())) {
      return draft;
    }
    var delay = Duration.between(draft.now(), scheduled);
    int seconds = Seconds.rounded(delay);
    return seconds > 0 ? draft.delay(seconds, "Scheduled time is in the future") : draft;
  }

  private static TaskDraft retry(TaskDraft draft) {
    var policy = draft.run().spec().policy();
    int runCount = draft.run().progress().runCount();
    boolean retriable = !Boolean.FALSE.equals(draft.proposed().details().retriable());
    if (policy.retries() == null || runCount > policy.retries() || !retriable) {
      return draft;
    }
    var failed = draft.proposed();
    long delayNanos = (long) (policy.delayAfter(runCount, draft.chance()) * 1e9);
    var details = StateDetails.NONE.with(d -> d.scheduledTime = draft.now().plusNanos(delayNanos));
    return draft.rejectTo(
        new ProposedState(
            SCHEDULED, StateNames.AWAITING_RETRY, failed.message(), failed.data(), details),
        "Retrying");
  }

  private static TaskDraft rename(TaskDraft draft) {
    if (draft.runCount() == 0) {
      return draft;
    }
    boolean retrying = draft.run().state().name().equals(StateNames.AWAITING_RETRY);
    return draft.with(draft.proposed().named(retrying ? "Retrying" : "Rerunning"));
  }

  private static TaskDraft boundCacheKey(TaskDraft draft) {
    var key = draft.proposed().details().cacheKey();
    return key != null && key.length() > CACHE_KEY_MAX
        ? draft.rejectTo(
            draft.proposed(),
            "Cache key exceeded maximum allowed length of %d characters.".formatted(CACHE_KEY_MAX))
        : draft;
  }
}

package io.sluice.task;

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
 * in which they are asked (Prefect 3.8.8, server/orchestration/core_policy.py CoreTaskPolicy).
 * Whether slots of tag limits are free is asked by the owner, between {@link #BEFORE_SLOTS} and
 * {@link #AFTER_SLOTS}.
 */
final class TaskRules {
  private static final Set<StateType> NOT_AFTER_THE_END = EnumSet.of(CANCELLING, PAUSED, CRASHED);
  private static final Set<StateType> ANY = EnumSet.allOf(StateType.class);
  private static final int CACHE_KEY_MAX = 2000;

  static final List<TaskRule> RULES =
      List.of(
          new TaskRule("CacheRetrieval", null, EnumSet.of(RUNNING), TaskRules::takeFromCache),
          new TaskRule("HandleTaskTerminalStateTransitions", TERMINAL, ANY, TaskRules::afterTheEnd),
          new TaskRule(
              "PreventRunningTasksFromStoppedFlows",
              null,
              EnumSet.of(RUNNING),
              TaskRules::onlyInRunningFlow),
          new TaskRule(
              "CopyScheduledTime",
              EnumSet.of(SCHEDULED),
              EnumSet.of(PENDING),
              TaskRules::copyScheduledTime),
          new TaskRule(
              "WaitForScheduledTime",
              EnumSet.of(SCHEDULED, PENDING),
              EnumSet.of(RUNNING),
              TaskRules::notTooEarly),
          new TaskRule(
              "RetryFailedTasks", EnumSet.of(RUNNING), EnumSet.of(FAILED), TaskRules::retry),
          new TaskRule("RenameReruns", ANY, EnumSet.of(RUNNING), TaskRules::rename),
          new TaskRule("CacheInsertion", null, EnumSet.of(COMPLETED), TaskRules::boundCacheKey));

  private TaskRules() {}

  static TaskDraft judge(TaskDraft draft) {
    return judge(RULES, draft);
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

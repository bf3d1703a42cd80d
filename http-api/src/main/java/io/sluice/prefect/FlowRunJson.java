package io.sluice.prefect;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.http.Body;
import io.sluice.queue.WorkQueue;
import io.sluice.run.CreatedBy;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.Place;
import io.sluice.run.Progress;
import io.sluice.run.RetryType;
import io.sluice.run.State;
import io.sluice.run.StateType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Wire shape of a flow run (Prefect 3.8.8, schemas/responses.py FlowRunResponse). */
record FlowRunJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID flowId,
    UUID stateId,
    UUID deploymentId,
    String deploymentVersion,
    UUID workQueueId,
    String workQueueName,
    String flowVersion,
    JsonNode parameters,
    String idempotencyKey,
    JsonNode context,
    Policy empiricalPolicy,
    List<String> tags,
    JsonNode labels,
    UUID parentTaskRunId,
    StateType stateType,
    String stateName,
    int runCount,
    Instant expectedStartTime,
    Instant nextScheduledStartTime,
    Instant startTime,
    Instant endTime,
    Duration totalRunTime,
    Duration estimatedRunTime,
    Duration estimatedStartTimeDelta,
    boolean autoScheduled,
    UUID infrastructureDocumentId,
    String infrastructurePid,
    CreatedBy createdBy,
    @JsonUnwrapped Pool pool,
    StateJson state,
    JsonNode jobVariables) {

  /** Which pool it waits in; FlowRunResponse has it, the core FlowRun has not. */
  record Pool(UUID workPoolId, String workPoolName) {
    static final Pool NONE = new Pool(null, null);
  }

  /** FlowRunPolicy. */
  record Policy(
      int maxRetries,
      double retryDelaySeconds,
      Integer retries,
      Integer retryDelay,
      List<String> pauseKeys,
      Boolean resuming,
      String retryType) {

    static Policy of(FlowRunPolicy policy) {
      return new Policy(
          policy.maxRetries(),
          policy.retryDelaySeconds(),
          policy.retries(),
          policy.retryDelay(),
          policy.pauseKeysSorted(),
          policy.resuming(),
          policy.retryType() == null
              ? null
              : policy.retryType().name().toLowerCase(java.util.Locale.ROOT));
    }

    /** Unknown fields are let pass, and old names count (Prefect 3.8.8, schemas/core.py). */
    static FlowRunPolicy read(Body body) {
      body.notNull("max_retries", "retry_delay_seconds");
      int maxRetries = body.integer("max_retries").orElse(0);
      double delaySeconds = body.decimal("retry_delay_seconds").orElse(0.0);
      return new FlowRunPolicy(
          maxRetries,
          delaySeconds,
          orOld(body.integer("retries").orElse(null), maxRetries),
          orOld(body.integer("retry_delay").orElse(null), (int) delaySeconds),
          Set.copyOf(body.texts("pause_keys").orElse(List.of())),
          body.bool("resuming").orElse(false),
          retryType(body));
    }

    /** What is said under the present name, or else under the old one, of which 0 says nothing. */
    static Integer orOld(Integer said, int old) {
      return (said == null || said == 0) && old != 0 ? Integer.valueOf(old) : said;
    }

    private static RetryType retryType(Body body) {
      return body.text("retry_type")
          .map(
              type ->
                  switch (type) {
                    case "in_process" -> RetryType.IN_PROCESS;
                    case "reschedule" -> RetryType.RESCHEDULE;
                    default -> {
                      body.wrong(
                          "retry_type",
                          "literal_error",
                          "Input should be 'in_process' or 'reschedule'");
                      yield null;
                    }
                  })
          .orElse(null);
    }
  }

  /**
   * @param place the run's work queue and pool as they are now, null if it is in none or they are
   *     gone
   */
  static FlowRunJson of(FlowRun run, Place place, Instant now) {
    var pool = place == null ? Pool.NONE : new Pool(place.poolId(), place.poolName());
    return of(run, place, pool, StateJson.of(run.state()), now);
  }

  /** As workers are given it: without pool, and without the state itself. */
  static FlowRunJson core(FlowRun run, Instant now) {
    return of(run, run.spec().place(), null, null, now);
  }

  private static FlowRunJson of(FlowRun run, Place place, Pool pool, StateJson shown, Instant now) {
    var spec = run.spec();
    var progress = run.progress();
    var state = run.state();
    return new FlowRunJson(
        run.id(),
        run.created(),
        run.updated(),
        spec.name(),
        spec.flowId(),
        state == null ? null : state.id(),
        spec.deploymentId(),
        spec.deploymentVersion(),
        place == null ? null : place.queueId(),
        place == null ? WorkQueue.nameLeft(spec.place(), spec.queueName()) : place.queueName(),
        spec.flowVersion(),
        object(spec.parameters()),
        spec.idempotencyKey(),
        object(spec.context()),
        Policy.of(run.policy()),
        spec.tags(),
        object(spec.labels()),
        spec.parentTaskRunId(),
        run.stateType(),
        state == null ? null : state.name(),
        progress.runCount(),
        progress.expectedStart(),
        progress.nextScheduledStart(),
        progress.start(),
        progress.end(),
        progress.totalRunTime(),
        runTime(progress, state, now),
        startDelta(progress, state, now),
        spec.autoScheduled(),
        null,
        spec.infrastructurePid(),
        spec.createdBy(),
        pool,
        shown,
        spec.jobVariables());
  }

  static JsonNode object(JsonNode node) {
    return node == null ? JsonNodeFactory.instance.objectNode() : node;
  }

  /** Time in RUNNING up to now. */
  static Duration runTime(Progress progress, State state, Instant now) {
    return state != null && state.type() == StateType.RUNNING
        ? progress.totalRunTime().plus(Duration.between(state.timestamp(), now))
        : progress.totalRunTime();
  }

  /** How late it started, or is. */
  static Duration startDelta(Progress progress, State state, Instant now) {
    var expected = progress.expectedStart();
    if (expected == null) {
      return Duration.ZERO;
    }
    if (progress.start() != null) {
      return progress.start().isAfter(expected)
          ? Duration.between(expected, progress.start())
          : Duration.ZERO;
    }
    boolean due = state == null || !state.type().isTerminal();
    return due && expected.isBefore(now) ? Duration.between(expected, now) : Duration.ZERO;
  }
}

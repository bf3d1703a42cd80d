package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import io.sluice.run.RunNames;
import io.sluice.run.StateType;
import io.sluice.task.TaskRun;
import io.sluice.task.TaskRunPolicy;
import io.sluice.task.TaskRunSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Wire shape of a task run (Prefect 3.8.8, schemas/core.py TaskRun). */
record TaskRunJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    UUID flowRunId,
    String taskKey,
    String dynamicKey,
    String cacheKey,
    Instant cacheExpiration,
    String taskVersion,
    Policy empiricalPolicy,
    List<String> tags,
    JsonNode labels,
    UUID stateId,
    JsonNode taskInputs,
    StateType stateType,
    String stateName,
    int runCount,
    int flowRunRunCount,
    Instant expectedStartTime,
    Instant nextScheduledStartTime,
    Instant startTime,
    Instant endTime,
    Duration totalRunTime,
    Duration estimatedRunTime,
    Duration estimatedStartTimeDelta,
    StateJson state) {

  private static final List<String> INPUT_TYPES =
      List.of("constant", "flow_run", "parameter", "task_run");

  /** TaskRunPolicy. */
  record Policy(
      int maxRetries,
      double retryDelaySeconds,
      Integer retries,
      Object retryDelay,
      Double retryJitterFactor) {
    private static final int DELAYS_MAX = 50;

    static Policy of(TaskRunPolicy policy) {
      return new Policy(
          policy.maxRetries(),
          policy.retryDelaySeconds(),
          policy.retries(),
          delay(policy),
          policy.retryJitterFactor());
    }

    private static Object delay(TaskRunPolicy policy) {
      if (policy.retryDelay() == null) {
        return null;
      }
      var delays = policy.retryDelay().stream().map(Policy::number).toList();
      return policy.listedDelays() ? delays : delays.get(0);
    }

    /** Whole seconds are written without a fraction, as clients send them. */
    private static Number number(double seconds) {
      if (seconds == Math.rint(seconds)) {
        return (long) seconds;
      }
      return seconds;
    }

    static TaskRunPolicy read(Body body) {
      body.notNull("max_retries", "retry_delay_seconds");
      var delay = body.node("retry_delay");
      var delays = delays(body, delay);
      // Unknown fields are let pass, and old names count (Prefect 3.8.8, schemas/core.py).
      int maxRetries = body.integer("max_retries").orElse(0);
      double delaySeconds = body.decimal("retry_delay_seconds").orElse(0.0);
      if (delay.isEmpty() && delaySeconds != 0) {
        delays.add(delaySeconds);
      }
      return new TaskRunPolicy(
          maxRetries,
          delaySeconds,
          FlowRunJson.Policy.orOld(body.integer("retries").orElse(null), maxRetries),
          delay.isPresent() || delaySeconds != 0 ? delays : null,
          delay.isPresent() && delay.get().isArray(),
          jitter(body));
    }

    private static List<Double> delays(Body body, Optional<JsonNode> delay) {
      var delays = new ArrayList<Double>();
      if (delay.isEmpty()) {
        return delays;
      } else if (delay.get().isArray() && delay.get().size() > DELAYS_MAX) {
        body.wrong(
            "retry_delay",
            "value_error",
            "Can not configure more than %d retry delays per task.".formatted(DELAYS_MAX));
        return delays;
      }
      var each = delay.get().isArray() ? delay.get() : List.of(delay.get());
      for (var node : each) {
        if (!node.isNumber() || Double.isInfinite(node.doubleValue())) {
          body.wrong("retry_delay", "list_type", "Input should be a number or a list of numbers");
          return delays;
        }
        delays.add(node.doubleValue());
      }
      return delays;
    }

    private static Double jitter(Body body) {
      var jitter = body.decimal("retry_jitter_factor", -Double.MAX_VALUE, Double.MAX_VALUE);
      if (jitter.isPresent() && jitter.get() < 0) {
        body.wrong("retry_jitter_factor", "value_error", "`retry_jitter_factor` must be >= 0.");
      }
      return jitter.orElse(null);
    }
  }

  /** What a parameter of the task came from, by its name. */
  private static JsonNode inputs(Body body) {
    return body.map(
        "task_inputs",
        TaskRunJson::areInputs,
        Fault.of(
            "list_type", "Input should be a list of objects with an input_type of " + INPUT_TYPES));
  }

  private static boolean areInputs(JsonNode given) {
    boolean all = given.isArray();
    for (var each : given) {
      if (each instanceof ObjectNode input && !input.has("input_type")) {
        meant(input).ifPresent(type -> input.put("input_type", type));
      }
      all &= INPUT_TYPES.contains(each.path("input_type").asText());
    }
    return all;
  }

  /** Each kind has a field of its own, so that its type need not be said (schemas/core.py). */
  private static Optional<String> meant(ObjectNode input) {
    if (input.has("id")) {
      return Optional.of("task_run");
    } else if (input.has("name")) {
      return Optional.of("parameter");
    }
    return input.has("type") ? Optional.of("constant") : Optional.empty();
  }

  /** TaskRunCreate without id and state. */
  static TaskRunSpec read(Body body) {
    var key = body.required("task_key", body.text("task_key", Names.LONG_MAX), "");
    return new TaskRunSpec(
        RunNames.orNew(body.text("name", Names.LONG_MAX).orElse(null)),
        body.id("flow_run_id").orElse(null),
        key,
        body.required("dynamic_key", body.text("dynamic_key", Names.LONG_MAX), ""),
        body.text("cache_key", Names.LONG_MAX).orElse(null),
        body.time("cache_expiration").orElse(null),
        body.text("task_version").orElse(null),
        policy(body.object("empirical_policy")),
        Names.tags(body).orElse(List.of()),
        Names.labels(body),
        inputs(body));
  }

  static TaskRunPolicy policy(Optional<Body> body) {
    return body.map(Policy::read).orElse(TaskRunPolicy.NONE);
  }

  static TaskRunJson of(TaskRun run, Instant now) {
    var spec = run.spec();
    var progress = run.progress();
    var state = run.state();
    return new TaskRunJson(
        run.id(),
        run.created(),
        run.updated(),
        spec.name(),
        spec.flowRunId(),
        spec.taskKey(),
        spec.dynamicKey(),
        spec.cacheKey(),
        spec.cacheExpiration(),
        spec.taskVersion(),
        Policy.of(spec.policy()),
        spec.tags(),
        FlowRunJson.object(spec.labels()),
        state == null ? null : state.id(),
        FlowRunJson.object(spec.taskInputs()),
        run.stateType(),
        state == null ? null : state.name(),
        progress.runCount(),
        run.flowRunRunCount(),
        progress.expectedStart(),
        progress.nextScheduledStart(),
        progress.start(),
        progress.end(),
        progress.totalRunTime(),
        FlowRunJson.runTime(progress, state, now),
        FlowRunJson.startDelta(progress, state, now),
        StateJson.of(state));
  }
}

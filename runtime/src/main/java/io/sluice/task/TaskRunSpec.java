package io.sluice.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What a task run was asked to be.
 *
 * @param flowRunId null outside of a flow
 * @param dynamicKey tells several runs of the same task in one flow run apart
 */
public record TaskRunSpec(
    String name,
    UUID flowRunId,
    String taskKey,
    String dynamicKey,
    String cacheKey,
    Instant cacheExpiration,
    String taskVersion,
    TaskRunPolicy policy,
    List<String> tags,
    JsonNode labels,
    JsonNode taskInputs) {

  /** Whether it is the same call of the same task in the same flow run. */
  boolean isSameAs(TaskRunSpec other) {
    return Objects.equals(flowRunId, other.flowRunId)
        && Objects.equals(taskKey, other.taskKey)
        && Objects.equals(dynamicKey, other.dynamicKey);
  }

  /** The same with other labels. */
  public TaskRunSpec labelled(JsonNode other) {
    return new TaskRunSpec(
        name,
        flowRunId,
        taskKey,
        dynamicKey,
        cacheKey,
        cacheExpiration,
        taskVersion,
        policy,
        tags,
        other,
        taskInputs);
  }

  TaskRunSpec named(String other) {
    return new TaskRunSpec(
        other,
        flowRunId,
        taskKey,
        dynamicKey,
        cacheKey,
        cacheExpiration,
        taskVersion,
        policy,
        tags,
        labels,
        taskInputs);
  }
}

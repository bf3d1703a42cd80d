package io.sluice.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What a flow run was asked to be. Does not change with its states, only by request.
 *
 * @param place null if it is in no work queue
 * @param queueName the work queue it asked for by name although it is in none
 */
public record RunSpec(
    String name,
    UUID flowId,
    UUID deploymentId,
    String deploymentVersion,
    String flowVersion,
    JsonNode parameters,
    JsonNode context,
    List<String> tags,
    JsonNode labels,
    UUID parentTaskRunId,
    String idempotencyKey,
    boolean autoScheduled,
    CreatedBy createdBy,
    JsonNode jobVariables,
    String infrastructurePid,
    Place place,
    String queueName) {

  /** A changed copy. */
  public RunSpec with(Consumer<Builder> change) {
    var builder = new Builder(this);
    change.accept(builder);
    return builder.build();
  }

  /** The fields, to be changed freely before {@link #build()}. */
  public static final class Builder {
    public String name;
    public UUID flowId;
    public UUID deploymentId;
    public String deploymentVersion;
    public String flowVersion;
    public JsonNode parameters;
    public JsonNode context;
    public List<String> tags = List.of();
    public JsonNode labels;
    public UUID parentTaskRunId;
    public String idempotencyKey;
    public boolean autoScheduled;
    public CreatedBy createdBy;
    public JsonNode jobVariables;
    public String infrastructurePid;
    public Place place;
    public String queueName;

    public Builder() {}

    private Builder(RunSpec from) {
      name = from.name;
      flowId = from.flowId;
      deploymentId = from.deploymentId;
      deploymentVersion = from.deploymentVersion;
      flowVersion = from.flowVersion;
      parameters = from.parameters;
      context = from.context;
      tags = from.tags;
      labels = from.labels;
      parentTaskRunId = from.parentTaskRunId;
      idempotencyKey = from.idempotencyKey;
      autoScheduled = from.autoScheduled;
      createdBy = from.createdBy;
      jobVariables = from.jobVariables;
      infrastructurePid = from.infrastructurePid;
      place = from.place;
      queueName = from.queueName;
    }

    public RunSpec build() {
      return new RunSpec(
          name,
          flowId,
          deploymentId,
          deploymentVersion,
          flowVersion,
          parameters,
          context,
          tags,
          labels,
          parentTaskRunId,
          idempotencyKey,
          autoScheduled,
          createdBy,
          jobVariables,
          infrastructurePid,
          place,
          queueName);
    }
  }
}

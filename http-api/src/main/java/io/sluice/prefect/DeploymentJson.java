package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.deployment.ConcurrencyOptions;
import io.sluice.deployment.Deployment;
import io.sluice.limit.LimitReply.View;
import io.sluice.queue.WorkQueue;
import io.sluice.run.CreatedBy;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Wire shape of a deployment (Prefect 3.8.8, schemas/responses.py DeploymentResponse). */
record DeploymentJson(
    UUID id,
    Instant created,
    Instant updated,
    String name,
    String version,
    String description,
    UUID flowId,
    boolean paused,
    List<ScheduleJson> schedules,
    Integer concurrencyLimit,
    LimitJson.Global globalConcurrencyLimit,
    Options concurrencyOptions,
    JsonNode jobVariables,
    JsonNode parameters,
    List<String> tags,
    JsonNode labels,
    String workQueueName,
    UUID workQueueId,
    Instant lastPolled,
    JsonNode parameterOpenapiSchema,
    String path,
    JsonNode pullSteps,
    String entrypoint,
    UUID storageDocumentId,
    UUID infrastructureDocumentId,
    CreatedBy createdBy,
    CreatedBy updatedBy,
    String workPoolName,
    Status status,
    boolean enforceParameterSchema) {

  /** Prefect 3.8.8, server/schemas/statuses.py DeploymentStatus. */
  enum Status {
    READY,
    NOT_READY
  }

  /** ConcurrencyOptions. */
  record Options(ConcurrencyOptions.Strategy collisionStrategy, Integer gracePeriodSeconds) {
    static Options of(ConcurrencyOptions options) {
      return options == null ? null : new Options(options.strategy(), options.gracePeriodSeconds());
    }
  }

  /**
   * @param limit the deployment's concurrency limit, or null
   * @param queue the work queue of its runs, or null if it has none or it is gone
   */
  static DeploymentJson of(Deployment deployment, View limit, WorkQueue queue, Instant now) {
    var spec = deployment.spec();
    var polled = queue == null ? null : queue.lastPolled();
    return new DeploymentJson(
        deployment.id(),
        deployment.created(),
        deployment.updated(),
        spec.name(),
        spec.versionLabel(),
        spec.description(),
        spec.flowId(),
        spec.paused(),
        ScheduleJson.of(deployment),
        null,
        limit == null ? null : LimitJson.Global.of(limit),
        Options.of(spec.concurrencyOptions()),
        FlowRunJson.object(spec.jobVariables()),
        FlowRunJson.object(spec.parameters()),
        spec.tags(),
        FlowRunJson.object(spec.labels()),
        queue == null ? WorkQueue.nameLeft(spec.place(), spec.queueName()) : queue.name(),
        queue == null ? null : queue.id(),
        deployment.polledAt(polled),
        spec.parameterSchema(),
        spec.path(),
        spec.pullSteps(),
        spec.entrypoint(),
        spec.storageDocumentId(),
        spec.infrastructureDocumentId(),
        spec.createdBy(),
        spec.updatedBy(),
        queue == null ? null : spec.place().poolName(),
        deployment.isReady(polled, now) ? Status.READY : Status.NOT_READY,
        spec.enforceParameterSchema());
  }
}

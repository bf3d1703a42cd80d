package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.run.CreatedBy;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.ProposedState;
import java.util.List;
import java.util.UUID;

/**
 * A run of a deployment that somebody asks for. Null means that the deployment decides.
 *
 * @param parameters override the deployment's, one by one
 * @param tags are added to the deployment's
 * @param queueName a queue of the deployment's pool, made if it is missing
 */
public record RunRequest(
    String name,
    JsonNode parameters,
    Boolean enforceParameterSchema,
    JsonNode context,
    FlowRunPolicy policy,
    List<String> tags,
    String idempotencyKey,
    JsonNode labels,
    UUID parentTaskRunId,
    String queueName,
    JsonNode jobVariables,
    ProposedState state,
    boolean autoScheduled,
    CreatedBy createdBy) {}

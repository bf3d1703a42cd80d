package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.run.CreatedBy;
import io.sluice.run.Place;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * What a client says of a deployment. JSON parts are kept and given back as they are.
 *
 * @param versionLabel the client's version of the deployment
 * @param place the work queue its runs wait in, null for none
 * @param queueName the work queue it asked for by name although it has none
 */
public record DeploymentSpec(
    String name,
    UUID flowId,
    String versionLabel,
    String description,
    boolean paused,
    ConcurrencyOptions concurrencyOptions,
    boolean enforceParameterSchema,
    JsonNode parameterSchema,
    JsonNode parameters,
    List<String> tags,
    JsonNode labels,
    JsonNode pullSteps,
    Place place,
    String path,
    String entrypoint,
    JsonNode jobVariables,
    UUID storageDocumentId,
    UUID infrastructureDocumentId,
    CreatedBy createdBy,
    CreatedBy updatedBy,
    String queueName) {

  /** A changed copy. */
  public DeploymentSpec with(Consumer<Builder> change) {
    var builder = new Builder(this);
    change.accept(builder);
    return builder.build();
  }

  /** The fields, to be changed freely before {@link #build()}. */
  public static final class Builder {
    public String name;
    public UUID flowId;
    public String versionLabel;
    public String description;
    public boolean paused;
    public ConcurrencyOptions concurrencyOptions;
    public boolean enforceParameterSchema = true;
    public JsonNode parameterSchema;
    public JsonNode parameters;
    public List<String> tags = List.of();
    public JsonNode labels;
    public JsonNode pullSteps;
    public Place place;
    public String path;
    public String entrypoint;
    public JsonNode jobVariables;
    public UUID storageDocumentId;
    public UUID infrastructureDocumentId;
    public CreatedBy createdBy;
    public CreatedBy updatedBy;
    public String queueName;

    public Builder() {}

    private Builder(DeploymentSpec from) {
      name = from.name;
      flowId = from.flowId;
      versionLabel = from.versionLabel;
      description = from.description;
      paused = from.paused;
      concurrencyOptions = from.concurrencyOptions;
      enforceParameterSchema = from.enforceParameterSchema;
      parameterSchema = from.parameterSchema;
      parameters = from.parameters;
      tags = from.tags;
      labels = from.labels;
      pullSteps = from.pullSteps;
      place = from.place;
      path = from.path;
      entrypoint = from.entrypoint;
      jobVariables = from.jobVariables;
      storageDocumentId = from.storageDocumentId;
      infrastructureDocumentId = from.infrastructureDocumentId;
      createdBy = from.createdBy;
      updatedBy = from.updatedBy;
      queueName = from.queueName;
    }

    public DeploymentSpec build() {
      return new DeploymentSpec(
          name,
          flowId,
          versionLabel,
          description,
          paused,
          concurrencyOptions,
          enforceParameterSchema,
          parameterSchema,
          parameters,
          tags,
          labels,
          pullSteps,
          place,
          path,
          entrypoint,
          jobVariables,
          storageDocumentId,
          infrastructureDocumentId,
          createdBy,
          updatedBy,
          queueName);
    }
  }
}

package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.AllowSchemaLoader;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;
import java.util.function.Function;

/** Checks parameters against the JSON schema of a flow's signature. */
public final class ParameterSchema {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.builder(JsonSchemaFactory.getInstance(VersionFlag.V202012))
          .schemaLoaders(loaders -> loaders.add(new AllowSchemaLoader(ParameterSchema::isOurs)))
          .build();

  /** The schema of schemas. */
  private static final JsonSchema META = SCHEMAS.getSchema(SchemaLocation.of(SchemaId.V202012));

  private ParameterSchema() {}

  /** Schemas come from strangers: what they refer to elsewhere is not fetched. */
  private static boolean isOurs(AbsoluteIri schema) {
    return schema.toString().startsWith("classpath:");
  }

  /** What is wrong with {@code schema} itself, for people; empty if nothing is. */
  public static List<String> flaws(JsonNode schema) {
    return META.validate(schema).stream().map(ValidationMessage::getMessage).sorted().toList();
  }

  /**
   * What is wrong with {@code parameters}, for people, a sentence each; empty if nothing is. A
   * schema that refers to another place cannot be used.
   *
   * @param ignoreRequired whether missing parameters are fine, because runs will give them
   */
  public static List<String> problems(
      JsonNode schema, JsonNode parameters, boolean ignoreRequired) {
    return checkOf(PydanticSchema.prepared(schema, ignoreRequired)).apply(parameters);
  }

  /**
   * The same for several parameters: a schema that is {@link PydanticSchema} is made ready once.
   */
  static Function<JsonNode, List<String>> checkOf(JsonNode schema) {
    try {
      var ready = SCHEMAS.getSchema(schema);
      return parameters -> problems(ready, parameters);
    } catch (JsonSchemaException | StackOverflowError unusable) {
      var problems = problems(unusable);
      return parameters -> problems;
    }
  }

  private static List<String> problems(JsonSchema ready, JsonNode parameters) {
    try {
      return ready.validate(parameters).stream()
          .map(SchemaProblem::text)
          .distinct()
          .sorted()
          .toList();
    } catch (JsonSchemaException | StackOverflowError unusable) {
      return problems(unusable);
    }
  }

  private static List<String> problems(Throwable unusable) {
    return List.of(
        unusable instanceof StackOverflowError
            ? "Invalid schema: Unable to validate schema with circular references."
            : "Validation failed. Failure reason: " + unusable.getMessage());
  }

  /**
   * Refuses parameters that do not fit their own schema; missing ones may be given by runs.
   *
   * @param what failed in that case, for people
   */
  public static void check(String what, DeploymentSpec spec) {
    if (spec.parameterSchema() == null || !spec.parameterSchema().isObject()) {
      throw new Refused(new Rejection.NoParameterSchema(spec.name()));
    }
    var problems = problems(spec.parameterSchema(), spec.parameters(), true);
    if (!problems.isEmpty()) {
      throw new Refused(new Rejection.BadParameters(what, problems));
    }
  }
}

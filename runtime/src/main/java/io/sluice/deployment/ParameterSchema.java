package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
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

  /** Where values are checked while people fill them in, their formats are, too. */
  private static final SchemaValidatorsConfig FORMATS =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  private ParameterSchema() {}

  /** A schema is none, or cannot be used; the message says why, for people. */
  public static final class Unusable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unusable(String why) {
      super(why, null, false, false);
    }
  }

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
    return List.of((isCircular(unusable) ? "Invalid schema: " : "") + reason(unusable));
  }

  private static boolean isCircular(Throwable unusable) {
    return unusable instanceof StackOverflowError;
  }

  private static String reason(Throwable unusable) {
    return isCircular(unusable)
        ? "Unable to validate schema with circular references."
        : "Validation failed. Failure reason: " + unusable.getMessage();
  }

  /**
   * Each thing in which {@code values} do not fit, formats included, in no order of weight.
   *
   * @throws Unusable if the schema is none or refers to another place
   */
  public static List<Misfit> misfits(JsonNode schema, JsonNode values) {
    var prepared = PydanticSchema.prepared(schema, false);
    var flaws = flaws(prepared);
    if (!flaws.isEmpty()) {
      throw new Unusable(String.join(" ", flaws));
    }
    try {
      return SCHEMAS.getSchema(prepared, FORMATS).validate(values).stream()
          .map(problem -> SchemaProblem.misfit(problem, values))
          .distinct()
          .toList();
    } catch (JsonSchemaException | StackOverflowError unusable) {
      throw new Unusable(reason(unusable));
    }
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

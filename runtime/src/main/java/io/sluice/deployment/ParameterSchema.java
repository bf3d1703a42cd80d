package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.AbsoluteIri;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.resource.AllowSchemaLoader;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;

/** Checks parameters against the JSON schema of a flow's signature. */
public final class ParameterSchema {
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.builder(JsonSchemaFactory.getInstance(VersionFlag.V202012))
          .schemaLoaders(loaders -> loaders.add(new AllowSchemaLoader(ParameterSchema::isOurs)))
          .build();

  private ParameterSchema() {}

  /** Schemas come from strangers: what they refer to elsewhere is not fetched. */
  private static boolean isOurs(AbsoluteIri schema) {
    return schema.toString().startsWith("classpath:");
  }

  /**
   * What is wrong with {@code parameters}, for people; empty if nothing is.
   *
   * @param ignoreRequired whether missing parameters are fine, because runs will give them
   */
  public static List<String> problems(
      JsonNode schema, JsonNode parameters, boolean ignoreRequired) {
    var checked = schema;
    if (ignoreRequired && schema instanceof ObjectNode object && object.has("required")) {
      var relaxed = object.deepCopy();
      relaxed.remove("required");
      checked = relaxed;
    }
    try {
      return SCHEMAS.getSchema(checked).validate(parameters).stream()
          .map(ValidationMessage::getMessage)
          .sorted()
          .toList();
    } catch (JsonSchemaException broken) {
      return List.of("the schema cannot be used: " + broken.getMessage());
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

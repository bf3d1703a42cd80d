package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks job variables against the variables that a work pool's base job template declares (Prefect
 * 3.8.8, server/api/validation.py). Later ones override earlier ones: defaults of the template,
 * those of the deployment, those of the run. Pure.
 *
 * <p>Defaults that refer to a block are to be told before ({@link BlockDefaults}). For deployments
 * and runs a default that does not fit its own schema is left out, and then nothing is missed
 * either: it may have been the missing one.
 */
public final class JobVariables {
  private JobVariables() {}

  /**
   * Refuses variables that do not fit.
   *
   * @param what failed in that case, for people
   * @param template of the pool; empty, or without variables: everything fits
   * @param complete whether required variables must be there: true for runs, false for deployments
   * @param given weakest first; null and anything but objects are skipped
   */
  public static void check(String what, JsonNode template, boolean complete, List<JsonNode> given) {
    schema(template)
        .ifPresent(
            schema -> {
              var all = JsonNodeFactory.instance.objectNode();
              boolean sound = addSoundDefaults(schema, all);
              given.stream()
                  .filter(ObjectNode.class::isInstance)
                  .forEach(variables -> all.setAll((ObjectNode) variables));
              check(what, schema, all, !complete || !sound);
            });
  }

  /** Refuses the template of a new pool if defaults do not fit; required ones need none. */
  public static void checkDefaults(JsonNode template) {
    schema(template)
        .ifPresent(
            schema -> {
              var all = JsonNodeFactory.instance.objectNode();
              all.setAll(defaults(schema));
              check("Validation failed for work pool's job variable defaults", schema, all, true);
            });
  }

  private static Optional<JsonNode> schema(JsonNode template) {
    return Optional.ofNullable(template)
        .map(present -> present.get("variables"))
        .filter(schema -> schema.isObject() && !schema.isEmpty());
  }

  private static void check(String what, JsonNode schema, JsonNode all, boolean ignoreRequired) {
    refuse("Invalid schema", ParameterSchema.flaws(schema));
    var problems =
        ParameterSchema.checkOf(PydanticSchema.preparedForJobs(schema, ignoreRequired)).apply(all);
    refuse(what, problems);
  }

  private static void refuse(String what, List<String> problems) {
    if (!problems.isEmpty()) {
      throw new Refused(new Rejection.BadJobVariables(what, problems));
    }
  }

  private static Map<String, JsonNode> defaults(JsonNode schema) {
    var defaults = new LinkedHashMap<String, JsonNode>();
    for (var property : schema.path("properties").properties()) {
      if (property.getValue().has("default")) {
        defaults.put(property.getKey(), property.getValue().get("default"));
      }
    }
    return defaults;
  }

  /** Returns whether all defaults fit. */
  private static boolean addSoundDefaults(JsonNode schema, ObjectNode all) {
    var defaults = defaults(schema);
    if (defaults.isEmpty()) {
      return true;
    }
    var check = ParameterSchema.checkOf(PydanticSchema.prepared(schema, true));
    defaults.forEach(
        (name, value) -> {
          var alone = JsonNodeFactory.instance.objectNode().set(name, value);
          if (check.apply(alone).isEmpty()) {
            all.set(name, value);
          }
        });
    return all.size() == defaults.size();
  }
}

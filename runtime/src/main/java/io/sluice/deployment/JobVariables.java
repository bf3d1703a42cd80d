package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.List;
import java.util.function.Function;

/**
 * Checks job variables against the variables that a work pool's base job template declares (Prefect
 * 3.8.8, server/api/validation.py). Later ones override earlier ones: defaults of the template,
 * those of the deployment, those of the run. Pure.
 *
 * <p>Defaults that refer to a block are not looked into, but count as given. A default that does
 * not fit its own schema is left out, and then nothing is missed either: it may have been the
 * missing one.
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
    var schema = template == null ? null : template.get("variables");
    if (schema == null || !schema.isObject() || schema.isEmpty()) {
      return;
    }
    var all = JsonNodeFactory.instance.objectNode();
    boolean sound = addDefaults(schema, all);
    given.stream()
        .filter(ObjectNode.class::isInstance)
        .forEach(variables -> all.setAll((ObjectNode) variables));
    dropOptionalNulls(schema, all);
    var checked = withoutBlocks(schema, all);
    var problems = ParameterSchema.problems(checked, all, !complete || !sound);
    if (!problems.isEmpty()) {
      throw new Refused(new Rejection.BadJobVariables(what, problems));
    }
  }

  /** Returns whether all defaults fit. */
  private static boolean addDefaults(JsonNode schema, ObjectNode all) {
    boolean sound = true;
    Function<JsonNode, List<String>> check = null;
    for (var property : schema.path("properties").properties()) {
      var value = property.getValue().get("default");
      if (value == null || value.has("$ref")) {
        continue;
      }
      var alone = JsonNodeFactory.instance.objectNode().set(property.getKey(), value);
      if (!value.isNull() && check == null) {
        check = ParameterSchema.checkOf(schema, true);
      }
      if (value.isNull() || check.apply(alone).isEmpty()) {
        all.set(property.getKey(), value);
      } else {
        sound = false;
      }
    }
    return sound;
  }

  /** Nothing is missed for which there is a default in a block. */
  private static JsonNode withoutBlocks(JsonNode schema, ObjectNode all) {
    var required = JsonNodeFactory.instance.arrayNode();
    for (var name : schema.path("required")) {
      var value = schema.path("properties").path(name.asText()).path("default");
      if (!value.has("$ref") || all.has(name.asText())) {
        required.add(name);
      }
    }
    return required.size() == schema.path("required").size()
        ? schema
        : ((ObjectNode) schema).deepCopy().<ObjectNode>set("required", required);
  }

  /** Older templates do not say that a variable which need not be given may be null. */
  private static void dropOptionalNulls(JsonNode schema, ObjectNode all) {
    var required = JsonNodeFactory.instance.objectNode();
    schema.path("required").forEach(name -> required.putNull(name.asText()));
    all.properties().removeIf(v -> v.getValue().isNull() && !required.has(v.getKey()));
  }
}

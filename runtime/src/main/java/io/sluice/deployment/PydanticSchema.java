package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * Makes the schema of a flow's signature say what it means: Pydantic, also in its first version,
 * writes some things in a way that JSON Schema reads more strictly (Prefect 3.8.8,
 * utilities/schema_tools/validation.py preprocess_schema). Pure; the given schema stays as it is.
 */
final class PydanticSchema {
  private static final String REQUIRED = "required";

  private PydanticSchema() {}

  /**
   * @param ignoreRequired whether nothing is required, on no level
   */
  static JsonNode prepared(JsonNode schema, boolean ignoreRequired) {
    return prepared(schema, ignoreRequired, false);
  }

  /**
   * The same for job variables: also those that have a default may be null unless they are required
   * (Prefect 3.8.8, server/api/validation.py).
   */
  static JsonNode preparedForJobs(JsonNode schema, boolean ignoreRequired) {
    return prepared(schema, ignoreRequired, true);
  }

  private static JsonNode prepared(
      JsonNode schema, boolean ignoreRequired, boolean nullDespiteDefault) {
    if (!(schema instanceof ObjectNode object)) {
      return schema;
    }
    var prepared = object.deepCopy();
    prepareProperties(prepared, nullDespiteDefault);
    if (prepared.get("definitions") instanceof ObjectNode definitions) {
      for (var definition : definitions.properties()) {
        if (definition.getValue() instanceof ObjectNode model) {
          prepareProperties(model, nullDespiteDefault);
          definition.setValue(orBlock(model));
        }
      }
    }
    if (ignoreRequired) {
      dropRequired(prepared);
    }
    return prepared;
  }

  private static void prepareProperties(ObjectNode model, boolean nullDespiteDefault) {
    if (model.get("properties") instanceof ObjectNode properties) {
      for (var property : properties.properties()) {
        if (property.getValue() instanceof ObjectNode schema) {
          if (!isRequired(model, property) && (nullDespiteDefault || !schema.has("default"))) {
            allowNull(schema);
          }
          nameTupleItems(schema);
          prepareProperties(schema, nullDespiteDefault);
        }
      }
    }
  }

  private static boolean isRequired(ObjectNode model, Map.Entry<String, JsonNode> property) {
    for (var name : model.path(REQUIRED)) {
      if (property.getKey().equals(name.textValue())) {
        return true;
      }
    }
    return false;
  }

  /** Who need not give a value may give none. */
  private static void allowNull(ObjectNode schema) {
    var type = schema.get("type");
    if (type instanceof ArrayNode types) {
      types.add("null");
    } else if (type != null && type.isTextual()) {
      schema.putArray("type").add(type).add("null");
    }
  }

  private static void nameTupleItems(ObjectNode schema) {
    if (schema.get("items") instanceof ArrayNode items
        && !items.isEmpty()
        && schema.path("prefixItems").isEmpty()) {
      schema.remove("items");
      schema.set("prefixItems", items);
    }
  }

  /** A block may be given by what it holds, or by its id. */
  private static JsonNode orBlock(ObjectNode model) {
    if (!model.has("block_type_slug")) {
      return model;
    }
    var reference = JsonNodeFactory.instance.objectNode();
    reference.put("type", "object").putArray(REQUIRED).add("$ref");
    var ids = reference.putObject("properties").putObject("$ref").putArray("oneOf");
    ids.addObject().put("type", "string").put("format", "uuid");
    ids.addObject()
        .put("type", "object")
        .put("minProperties", 1)
        .putObject("additionalProperties")
        .put("type", "string");
    var choice = JsonNodeFactory.instance.objectNode();
    choice.putArray("anyOf").add(model).add(reference);
    return choice;
  }

  /** Properties that are named so lose their schema too, as in Prefect: anything fits them. */
  private static void dropRequired(ObjectNode schema) {
    schema.remove(REQUIRED);
    for (var part : schema) {
      if (part instanceof ObjectNode object) {
        dropRequired(object);
      }
    }
  }
}

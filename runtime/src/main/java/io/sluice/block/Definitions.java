package io.sluice.block;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;

/** The {@code definitions} of a schema and what refers to them as {@code #/definitions/Name}. */
final class Definitions {
  private static final String PREFIX = "#/definitions/";

  private Definitions() {}

  /** Those that a part of a schema refers to, also through others. */
  static ObjectNode reachable(JsonNode part, JsonNode definitions) {
    var found = JsonNodeFactory.instance.objectNode();
    collect(part, definitions, definition -> true, found);
    return found;
  }

  /** The same without those that describe blocks, nor what only these refer to. */
  static ObjectNode ofNoBlocks(JsonNode part, JsonNode definitions) {
    var found = JsonNodeFactory.instance.objectNode();
    collect(part, definitions, definition -> !definition.hasNonNull("block_type_slug"), found);
    return found;
  }

  private static void collect(
      JsonNode part, JsonNode definitions, Predicate<JsonNode> wanted, ObjectNode found) {
    var reference = part.path("$ref");
    if (part.isObject() && reference.isTextual()) {
      var name = reference.textValue().replace(PREFIX, "");
      var definition = definitions.get(name);
      if (definition != null && !found.has(name) && wanted.test(definition)) {
        found.set(name, definition);
        collect(definition, definitions, wanted, found);
      }
    }
    for (var child : part) {
      collect(child, definitions, wanted, found);
    }
  }

  /** The one that a property refers to and that describes a block of that type; null if none. */
  static JsonNode ofBlock(JsonNode property, JsonNode definitions, String slug) {
    for (var definition : reachable(property, definitions)) {
      if (definition.path("block_type_slug").asText().equals(slug)) {
        return definition;
      }
    }
    return null;
  }
}

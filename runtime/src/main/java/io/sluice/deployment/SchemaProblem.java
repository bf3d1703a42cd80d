package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Says what is wrong with a value in the words that users of Prefect know (Prefect 3.8.8,
 * utilities/schema_tools/validation.py; the reasons are those of Python's jsonschema).
 */
final class SchemaProblem {
  /** Longer values are cut. */
  private static final int VALUE_MAX = 200;

  private SchemaProblem() {}

  static String text(ValidationMessage problem) {
    var path = problem.getInstanceLocation().toString();
    var field = path.startsWith("$.") ? path.substring(2) : path.substring(1);
    var where = field.isEmpty() ? "" : " for field '%s'".formatted(field);
    return "Validation failed%s. Failure reason: %s".formatted(where, reason(problem));
  }

  /** One problem for a value that fits none of several schemas, not one for each of them. */
  static Misfit misfit(ValidationMessage problem, JsonNode values) {
    var location = problem.getInstanceLocation();
    var path = new ArrayList<>();
    var value = values;
    int choice = depthOfChoice(problem.getEvaluationPath());
    for (int i = 0; i < (choice < 0 ? location.getNameCount() : choice); i++) {
      var part = location.getElement(i);
      path.add(part);
      value = part instanceof Integer index ? value.path(index) : value.path(part.toString());
    }
    if (choice >= 0) {
      return new Misfit(path, value(value) + " is not valid under any of the given schemas");
    } else if (problem.getType().equals("required")) {
      path.add(problem.getProperty());
    }
    return new Misfit(path, reason(problem));
  }

  /** How deep in the values the first choice between schemas was; -1 if there was none. */
  private static int depthOfChoice(JsonNodePath evaluated) {
    int depth = 0;
    for (int i = 0; i + 1 < evaluated.getNameCount(); i++) {
      switch (evaluated.getName(i)) {
        case "anyOf", "oneOf" -> {
          return depth;
        }
        case "properties", "patternProperties", "prefixItems" -> {
          depth++;
          i++;
        }
        case "items", "additionalProperties", "contains" -> depth++;
        case "allOf", "dependentSchemas" -> i++;
        default -> {
          // Leads to another schema of the same value.
        }
      }
    }
    return -1;
  }

  private static String reason(ValidationMessage problem) {
    var value = value(problem.getInstanceNode());
    var rule = problem.getSchemaNode();
    return switch (problem.getType()) {
      case "type" -> "%s is not of type %s".formatted(value, types(rule));
      case "required" -> "'%s' is a required property".formatted(problem.getProperty());
      case "enum" -> "%s is not one of %s".formatted(value, value(rule));
      case "const" -> "%s was expected".formatted(value(rule));
      case "additionalProperties" ->
          "Additional properties are not allowed ('%s' was unexpected)"
              .formatted(problem.getProperty());
      case "minimum" -> "%s is less than the minimum of %s".formatted(value, value(rule));
      case "maximum" -> "%s is greater than the maximum of %s".formatted(value, value(rule));
      case "exclusiveMinimum" ->
          "%s is less than or equal to the minimum of %s".formatted(value, value(rule));
      case "exclusiveMaximum" ->
          "%s is greater than or equal to the maximum of %s".formatted(value, value(rule));
      case "multipleOf" -> "%s is not a multiple of %s".formatted(value, value(rule));
      case "minLength", "minItems", "minProperties" -> value + tooFew(problem.getType(), rule);
      case "maxProperties" -> "%s has too many properties".formatted(value);
      case "maxLength", "maxItems" -> "%s is too long".formatted(value);
      case "uniqueItems" -> "%s has non-unique elements".formatted(value);
      case "pattern" -> "%s does not match %s".formatted(value, value(rule));
      case "format" -> "%s is not a %s".formatted(value, value(rule));
      default -> withoutPath(problem);
    };
  }

  private static String tooFew(String type, JsonNode least) {
    if (least.asInt() == 1) {
      return " should be non-empty";
    }
    return type.equals("minProperties") ? " does not have enough properties" : " is too short";
  }

  private static String withoutPath(ValidationMessage problem) {
    var message = problem.getMessage();
    var path = problem.getInstanceLocation() + ": ";
    return message.startsWith(path) ? message.substring(path.length()) : message;
  }

  private static String types(JsonNode rule) {
    return rule.isArray() ? list(rule) : value(rule);
  }

  private static String list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(SchemaProblem::python)
        .collect(Collectors.joining(", "));
  }

  private static String value(JsonNode json) {
    var text = python(json);
    return text.length() > VALUE_MAX ? text.substring(0, VALUE_MAX) + "…" : text;
  }

  private static String python(JsonNode json) {
    if (json == null || json.isNull()) {
      return "None";
    } else if (json.isBoolean()) {
      return json.booleanValue() ? "True" : "False";
    } else if (json.isTextual()) {
      return quoted(json.textValue());
    } else if (json.isArray()) {
      return "[" + list(json) + "]";
    } else if (json.isObject()) {
      return json.properties().stream()
          .map(field -> quoted(field.getKey()) + ": " + python(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return json.asText();
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}

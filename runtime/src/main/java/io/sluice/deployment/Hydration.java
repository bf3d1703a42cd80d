package io.sluice.deployment;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Puts values in the place of objects with a {@code __prefect_kind}, which stand for them in
 * parameters (Prefect 3.8.8, utilities/schema_tools/hydration.py): {@code json} for what a text
 * says, {@code workspace_variable} for the value of a variable, {@code none} for what is in it.
 * {@code jinja} stands for its template if nothing in it has to be rendered: templates are not
 * rendered here. Pure.
 *
 * @param variables values by name
 */
public record Hydration(Map<String, JsonNode> variables) {
  static final String KIND = "__prefect_kind";
  static final String NONE = "none";
  static final String JINJA = "jinja";

  private static final String TEMPLATE = "template";
  private static final String VARIABLE = "workspace_variable";
  private static final String VARIABLE_NAME = "variable_name";

  /** As deep as a request may be. */
  private static final int DEPTH_MAX = 200;

  private static final Pattern RENDERED = Pattern.compile("\\{[{%#]");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /** Nothing can be put in the place of something; the message says why, for people. */
  public static final class Impossible extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Impossible(String why) {
      super(why, null, false, false);
    }
  }

  public Hydration {
    variables = Map.copyOf(variables);
  }

  /** Whether anything in {@code node} stands for something else. */
  public static boolean isNeeded(JsonNode node) {
    if (node.has(KIND)) {
      return true;
    }
    for (var part : node) {
      if (isNeeded(part)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The variables that {@code node} asks for.
   *
   * @throws Impossible if the name of one cannot be told
   */
  public static Set<String> variablesIn(JsonNode node) {
    var names = new HashSet<String>();
    collect(node, names);
    return names;
  }

  private static void collect(JsonNode node, Set<String> names) {
    if (VARIABLE.equals(node.path(KIND).asText()) && node.has(VARIABLE_NAME)) {
      collect(node.get(VARIABLE_NAME), names);
      // The name of a variable may be that of another one; such names are not looked for.
      if (node.get(VARIABLE_NAME).isTextual()) {
        names.add(node.get(VARIABLE_NAME).textValue());
      }
      return;
    }
    node.forEach(part -> collect(part, names));
  }

  /**
   * What is meant; an empty object if nothing is.
   *
   * @throws Impossible if something cannot be told
   */
  public JsonNode of(JsonNode node) {
    return meant(node).orElseGet(JsonNodeFactory.instance::objectNode);
  }

  /** Empty if it is to be left out of what it is in. */
  Optional<JsonNode> meant(JsonNode node) {
    if (node.isObject() && node.has(KIND)) {
      return ofKind(node);
    } else if (node.isObject()) {
      var object = JsonNodeFactory.instance.objectNode();
      node.properties()
          .forEach(each -> meant(each.getValue()).ifPresent(m -> object.set(each.getKey(), m)));
      return Optional.of(object);
    } else if (node.isArray()) {
      var list = JsonNodeFactory.instance.arrayNode();
      node.forEach(each -> meant(each).ifPresent(list::add));
      return Optional.of(list);
    }
    return Optional.of(node);
  }

  private Optional<JsonNode> ofKind(JsonNode node) {
    return switch (node.get(KIND).asText()) {
      case NONE -> meant(required(node, "value"));
      case "json" -> inner(node, "value").map(Hydration::parsed);
      case JINJA -> template(node).map(Hydration::plain);
      case VARIABLE -> inner(node, VARIABLE_NAME).map(this::variable);
      default -> Optional.of(node.has("value") ? node.get("value") : NullNode.instance);
    };
  }

  private static JsonNode required(JsonNode node, String key) {
    if (!node.has(key)) {
      throw new Impossible("Missing '%s' key in __prefect object".formatted(key));
    }
    return node.get(key);
  }

  /** The field {@code key}, which may stand for something as well. */
  private Optional<JsonNode> inner(JsonNode node, String key) {
    var value = Optional.ofNullable(node.get(key));
    return value.flatMap(given -> given.isObject() ? meant(given) : value);
  }

  private static JsonNode parsed(JsonNode json) {
    if (!json.isTextual()) {
      return json;
    }
    try {
      var parsed = JSON.readTree(json.textValue());
      // What cannot be kept, be it spelled out or not.
      if (parsed.isMissingNode()
          || parsed.toString().contains("\\u0000")
          || !StandardCharsets.UTF_8.newEncoder().canEncode(parsed.toString())) {
        throw new Impossible("Invalid JSON: it has no value, or characters that cannot be kept");
      }
      return parsed;
    } catch (JacksonException wrong) {
      // What follows says where the parser read it from, which is nothing to people.
      var why = wrong.getOriginalMessage().replaceFirst(" \\(start marker.*", "");
      throw new Impossible("Invalid JSON: " + why);
    }
  }

  /**
   * The template of a value of kind {@code jinja}; empty if it is to be left out.
   *
   * @throws Impossible if it has none
   */
  Optional<String> template(JsonNode node) {
    required(node, TEMPLATE);
    var template = inner(node, TEMPLATE);
    if (template.isPresent() && !template.get().isTextual()) {
      throw new Impossible("Invalid jinja: a template is a text");
    }
    return template.map(JsonNode::textValue);
  }

  private static JsonNode plain(String template) {
    if (RENDERED.matcher(template).find()) {
      throw new Impossible(
          "Invalid jinja: templates are not rendered by this server; give the value itself, or"
              + " render it in the flow");
    }
    return TextNode.valueOf(template);
  }

  private JsonNode variable(JsonNode name) {
    var value = variables.get(name.asText());
    if (value == null) {
      throw new Impossible("Variable '%s' not found in workspace.".formatted(name.asText()));
    }
    return value;
  }
}

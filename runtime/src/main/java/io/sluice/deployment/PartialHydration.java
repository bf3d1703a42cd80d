package io.sluice.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be told of values of which some stand for others ({@link Hydration}), while people are
 * still filling them in: what cannot be told does not stop the rest, and templates are left alone
 * (Prefect 3.8.8, utilities/schema_tools/hydration.py without {@code raise_on_error} and {@code
 * render_jinja}). Pure.
 *
 * @param values null where something cannot be told, or is a template
 * @param problems for people, by where they are
 * @param templates by where they are
 */
public record PartialHydration(
    JsonNode values, Map<List<Object>, String> problems, Map<List<Object>, String> templates) {

  public PartialHydration {
    problems = Collections.unmodifiableMap(new LinkedHashMap<>(problems));
    templates = Collections.unmodifiableMap(new LinkedHashMap<>(templates));
  }

  static PartialHydration of(Hydration hydration, JsonNode values) {
    var walk = new Walk(hydration);
    var meant = walk.meant(values, List.of());
    return new PartialHydration(
        meant.orElseGet(JsonNodeFactory.instance::objectNode), walk.problems, walk.templates);
  }

  /** Whether the value at this place is not known, be it for a problem or as a template. */
  public boolean isOpen(List<Object> path) {
    return problems.containsKey(path) || templates.containsKey(path);
  }

  private static final class Walk {
    private final Hydration hydration;
    private final Map<List<Object>, String> problems = new LinkedHashMap<>();
    private final Map<List<Object>, String> templates = new LinkedHashMap<>();

    Walk(Hydration hydration) {
      this.hydration = hydration;
    }

    /** Empty if it is to be left out of what it is in. */
    Optional<JsonNode> meant(JsonNode node, List<Object> path) {
      if (node.isObject() && node.has(Hydration.KIND)) {
        return ofKind(node, path);
      } else if (node.isObject()) {
        var object = JsonNodeFactory.instance.objectNode();
        node.properties()
            .forEach(
                each ->
                    meant(each.getValue(), with(path, each.getKey()))
                        .ifPresent(value -> object.set(each.getKey(), value)));
        return Optional.of(object);
      } else if (node.isArray()) {
        var list = JsonNodeFactory.instance.arrayNode();
        node.forEach(each -> meant(each, with(path, list.size())).ifPresent(list::add));
        return Optional.of(list);
      }
      return Optional.of(node);
    }

    private Optional<JsonNode> ofKind(JsonNode node, List<Object> path) {
      var kind = node.get(Hydration.KIND).asText();
      try {
        if (kind.equals(Hydration.NONE) && node.has("value")) {
          return meant(node.get("value"), path);
        } else if (kind.equals(Hydration.JINJA)) {
          return hydration
              .template(node)
              .map(
                  template -> {
                    templates.put(path, template);
                    return NullNode.instance;
                  });
        }
        return hydration.meant(node);
      } catch (Hydration.Impossible impossible) {
        problems.put(path, impossible.getMessage());
        return Optional.of(NullNode.instance);
      }
    }

    private static List<Object> with(List<Object> path, Object part) {
      var longer = new ArrayList<>(path);
      longer.add(part);
      return longer;
    }
  }
}

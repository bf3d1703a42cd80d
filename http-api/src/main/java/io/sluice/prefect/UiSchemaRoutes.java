package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.deployment.Hydrations;
import io.sluice.deployment.Misfit;
import io.sluice.deployment.ParameterSchema;
import io.sluice.deployment.PartialHydration;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Checks forms that people fill in on web pages (Prefect 3.8.8, server/api/ui/schemas.py). */
final class UiSchemaRoutes {
  private static final String ERRORS = "errors";

  private final Hydrations hydrations;

  UiSchemaRoutes(Owners owners) {
    this.hydrations = owners.hydrations();
  }

  void addTo(Router router) {
    router.post("/ui/schemas/validate", this::validate);
  }

  /** SchemaValuesValidationResponse. */
  private record CheckedJson(ArrayNode errors, boolean valid) {}

  private CompletableFuture<Answer> validate(Call call) {
    var body = call.arguments();
    var schema = required(body, "schema");
    var values = required(body, "values");
    body.end();
    return hydrations
        .partly(values)
        .thenApply(
            meant -> {
              var errors = JsonNodeFactory.instance.arrayNode();
              misfits(schema, meant).forEach(one -> add(errors, one.path(), one.reason()));
              return Answer.ok(new CheckedJson(errors, errors.isEmpty()));
            });
  }

  private static JsonNode required(Body body, String name) {
    body.required(name, body.node(name), null);
    return body.map(name);
  }

  /** Where a value is not known, that is the problem, or there is none. */
  private static List<Misfit> misfits(JsonNode schema, PartialHydration meant) {
    var misfits = new ArrayList<Misfit>();
    meant.problems().forEach((path, problem) -> misfits.add(new Misfit(path, problem)));
    meant
        .templates()
        .forEach(
            (path, template) ->
                TemplateCheck.problem(template)
                    .map(problem -> new Misfit(path, "Invalid jinja: " + problem.message()))
                    .ifPresent(misfits::add));
    try {
      ParameterSchema.misfits(schema, meant.values()).stream()
          .filter(misfit -> !meant.isOpen(misfit.path()))
          .forEach(misfits::add);
      return misfits;
    } catch (ParameterSchema.Unusable unusable) {
      throw new Plain(422, "Invalid schema: " + unusable.getMessage());
    }
  }

  /** Errors of what is inside stand inside the error of what it is in. */
  private static void add(ArrayNode errors, List<Object> path, String reason) {
    if (path.isEmpty()) {
      errors.add(reason);
      return;
    }
    var part = path.get(0);
    var rest = path.subList(1, path.size());
    add(rest.isEmpty() ? entry(errors, part) : entryOf(errors, part), rest, reason);
  }

  private static ArrayNode entryOf(ArrayNode errors, Object part) {
    for (var error : errors) {
      if (error.path(key(part)).asText().equals(part.toString())) {
        return (ArrayNode) error.get(ERRORS);
      }
    }
    return entry(errors, part);
  }

  private static ArrayNode entry(ArrayNode errors, Object part) {
    var entry = errors.addObject();
    entry.set(key(part), JsonNodeFactory.instance.pojoNode(part));
    return entry.putArray(ERRORS);
  }

  private static String key(Object part) {
    return part instanceof Integer ? "index" : "property";
  }
}

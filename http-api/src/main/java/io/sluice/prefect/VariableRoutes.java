package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Json;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.variable.Variables;
import io.sluice.variable.Variables.Variable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Variables (Prefect 3.8.8, server/api/variables.py). */
final class VariableRoutes {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_-]+");

  private static final int NAME_MAX = 255;
  private static final int VALUE_MAX = 5000;

  private final Variables variables;
  private final Listings listings;

  VariableRoutes(Owners owners) {
    this.variables = owners.variables();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router
        .post("/variables/", this::create)
        .get("/variables/{id}", call -> variables.get(call.id("id")).thenApply(Answer::ok))
        .patch("/variables/{id}", this::updateById)
        .delete("/variables/{id}", this::deleteById)
        .get("/variables/name/{name}", this::read)
        .patch("/variables/name/{name}", this::update)
        .delete("/variables/name/{name}", this::delete)
        .post("/variables/filter", this::list)
        .post("/variables/count", this::count);
  }

  private static Optional<String> name(Body body) {
    var name = body.text("name");
    if (name.isPresent() && !NAME.matcher(name.get()).matches()) {
      body.wrong(
          "name",
          "value_error",
          "Variable name must only contain lowercase letters, numbers, and dashes or underscores.");
    } else if (name.isPresent() && name.get().length() > NAME_MAX) {
      body.wrong(
          "name",
          "too_long",
          "Value should have at most %d items after validation, not %d"
              .formatted(NAME_MAX, name.get().length()));
    }
    return name;
  }

  /** Any JSON, also null. */
  private static JsonNode value(Body body) {
    var value = body.node("value").orElse(NullNode.instance);
    if (Json.text(value).length() > VALUE_MAX) {
      body.wrong(
          "value",
          "value_error",
          "Variable value must be less than %d characters".formatted(VALUE_MAX));
    }
    return value;
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("tags");
    var name = body.required("name", name(body), "");
    var value = value(body);
    body.required("value", Optional.of(value).filter(given -> body.has("value")), value);
    var tags = Names.tags(body).orElse(List.of());
    body.end();
    return variables.create(name, value, tags).thenApply(Answer::created);
  }

  private CompletableFuture<Answer> read(Call call) {
    return variables.get(call.parameter("name")).thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> update(Call call) {
    return variables
        .change(call.parameter("name"), change(call.body()))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> updateById(Call call) {
    return variables
        .change(call.id("id"), change(call.body()))
        .thenApply(done -> Answer.noContent());
  }

  /** VariableUpdate. */
  private static UnaryOperator<Variable> change(Body body) {
    body.notNull("name", "tags");
    var name = name(body);
    boolean valued = body.has("value");
    var value = value(body);
    var tags = Names.tags(body);
    body.end();
    return was ->
        new Variable(
            was.id(),
            was.created(),
            was.updated(),
            name.orElse(was.name()),
            valued ? value : was.value(),
            tags.orElse(was.tags()));
  }

  private CompletableFuture<Answer> delete(Call call) {
    return variables.delete(call.parameter("name")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> deleteById(Call call) {
    return variables.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "variables", Kind.VARIABLE);
    var sort = Sorts.of(body, Kind.VARIABLE, "NAME_ASC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), Variables.LISTED)
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "variables", Kind.VARIABLE);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}

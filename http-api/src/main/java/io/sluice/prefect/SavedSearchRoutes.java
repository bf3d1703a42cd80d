package io.sluice.prefect;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.search.SavedSearches;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Saved searches (Prefect 3.8.8, server/api/saved_searches.py). */
final class SavedSearchRoutes {
  private static final List<String> TEXTS = List.of("object", "property", "type", "operation");

  private final SavedSearches searches;

  SavedSearchRoutes(Owners owners) {
    this.searches = owners.searches();
  }

  void addTo(Router router) {
    router
        .put("/saved_searches/", this::put)
        .get("/saved_searches/{id}", call -> searches.get(call.id("id")).thenApply(Answer::ok))
        .delete("/saved_searches/{id}", this::delete)
        .post("/saved_searches/filter", this::list);
  }

  private CompletableFuture<Answer> put(Call call) {
    var body = call.body().notNull("filters");
    var name = body.required("name", body.text("name", Names.LENGTH_MAX), "");
    var filters = body.list("filters");
    body.objects("filters").ifPresent(each -> each.forEach(SavedSearchRoutes::check));
    body.end();
    return searches
        .put(name, filters == null ? JsonNodeFactory.instance.arrayNode() : filters)
        .thenApply(put -> put.isNew() ? Answer.created(put.search()) : Answer.ok(put.search()));
  }

  /** SavedSearchFilter. */
  private static void check(Body filter) {
    TEXTS.forEach(filter::requiredText);
    if (!filter.has("value")) {
      filter.wrong("value", "missing", "Field required");
    }
  }

  private CompletableFuture<Answer> delete(Call call) {
    return searches.delete(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var page = Page.of(body);
    body.end();
    return searches.list(page.limit(), page.offset()).thenApply(Answer::ok);
  }
}

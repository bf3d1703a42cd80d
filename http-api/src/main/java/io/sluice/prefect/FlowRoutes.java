package io.sluice.prefect;

import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.flow.Flows;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.node.Removals;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Flows (Prefect 3.8.8, server/api/flows.py). */
final class FlowRoutes {
  private final Flows flows;
  private final Listings listings;
  private final Removals removals;

  FlowRoutes(Owners owners) {
    this.flows = owners.flows();
    this.listings = owners.listings();
    this.removals = owners.removals();
  }

  void addTo(Router router) {
    router
        .post("/flows/", this::create)
        .get("/flows/{id}", this::read)
        .get("/flows/name/{name}", this::readByName)
        .patch("/flows/{id}", this::update)
        .delete("/flows/{id}", this::delete)
        .post("/flows/filter", this::list)
        .post("/flows/count", this::count);
  }

  private CompletableFuture<Answer> create(Call call) {
    var body = call.body().notNull("tags");
    var name = Names.required(body, "name");
    var tags = Names.tags(body).orElse(List.of());
    var labels = Names.labels(body);
    body.end();
    return flows
        .ensure(name, tags, labels)
        .thenApply(
            made -> {
              var json = FlowJson.of(made.flow());
              return made.isNew() ? Answer.created(json) : Answer.ok(json);
            });
  }

  private CompletableFuture<Answer> read(Call call) {
    return flows.get(call.id("id")).thenApply(flow -> Answer.ok(FlowJson.of(flow)));
  }

  private CompletableFuture<Answer> readByName(Call call) {
    return flows.get(call.parameter("name")).thenApply(flow -> Answer.ok(FlowJson.of(flow)));
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body().notNull("tags");
    var tags = Names.tags(body);
    body.end();
    var id = call.id("id");
    return flows.retag(id, tags::orElse).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return removals.flow(call.id("id")).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.FLOW);
    var sort = Sorts.of(body, Kind.FLOW, "NAME_ASC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), Flows.LISTED)
        .thenApply(found -> Answer.ok(found.stream().map(FlowJson::of).toList()));
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.joined(body, Kind.FLOW);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}

package io.sluice.prefect;

import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Bodies;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.log.Logs;
import io.sluice.node.Owners;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Logs of runs (Prefect 3.8.8, server/api/logs.py). */
final class LogRoutes {
  private final Logs logs;
  private final Listings listings;

  LogRoutes(Owners owners) {
    this.logs = owners.logs();
    this.listings = owners.listings();
  }

  void addTo(Router router) {
    router.post("/logs/", this::add).post("/logs/filter", this::list);
  }

  private CompletableFuture<Answer> add(Call call) {
    var bodies = call.mendedBodies();
    var lines = bodies.stream().map(LogRoutes::read).toList();
    Bodies.end(bodies);
    return logs.add(lines).thenApply(done -> Answer.created(null));
  }

  private static Logs.Entry read(Body body) {
    return new Logs.Entry(
        null,
        null,
        cut(body.requiredText("name")),
        body.required("level", body.integer("level"), 0),
        body.requiredText("message"),
        body.required("timestamp", body.time("timestamp"), Instant.EPOCH),
        body.id("flow_run_id").orElse(null),
        body.id("task_run_id").orElse(null));
  }

  /** No line is lost for the length of its logger's name. */
  private static String cut(String name) {
    return name.length() > Names.LONG_MAX ? name.substring(0, Names.LONG_MAX) : name;
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "logs", Kind.LOG);
    var sort = Sorts.of(body, Kind.LOG, "TIMESTAMP_ASC");
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, sort, page.limit(), page.offset(), Logs.LISTED)
        .thenApply(found -> Answer.ok(found.stream().map(LogJson::of).toList()));
  }
}

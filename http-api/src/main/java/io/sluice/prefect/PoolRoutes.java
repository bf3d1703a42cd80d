package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.deployment.BlockDefaults;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPool;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.pool.WorkPoolCommand.Change.Field;
import io.sluice.pool.WorkPools;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Work pools (Prefect 3.8.8, server/api/workers.py). */
final class PoolRoutes {
  private static final Set<Field> OF_RESERVED = EnumSet.of(Field.PAUSED, Field.CONCURRENCY_LIMIT);

  private final WorkPools pools;
  private final Listings listings;
  private final BlockDefaults defaults;
  private final PoolViews views;

  PoolRoutes(Owners owners, PoolViews views) {
    this.pools = owners.pools();
    this.listings = owners.listings();
    this.defaults = owners.blockDefaults();
    this.views = views;
  }

  void addTo(Router router) {
    router
        .post("/work_pools/", this::create)
        .get("/work_pools/{name}", this::read)
        .patch("/work_pools/{name}", this::update)
        .delete("/work_pools/{name}", this::delete)
        .post("/work_pools/filter", this::list)
        .post("/work_pools/count", this::count);
  }

  static boolean isReserved(String name) {
    return name.toLowerCase(Locale.ROOT).startsWith("prefect");
  }

  private static Plain reserved(String what) {
    return new Plain(
        403, "Work pools starting with 'Prefect' are reserved for internal use" + what + ".");
  }

  private CompletableFuture<Answer> create(Call call) {
    var body =
        call.body().notNull("type", "base_job_template", "is_paused", "storage_configuration");
    var create =
        new WorkPoolCommand.Create(
            Names.nonEmptyish(body, "name"),
            body.text("description").orElse(null),
            body.text("type", Names.LENGTH_MAX).orElse(WorkPool.AGENT),
            JobTemplate.read(body),
            body.bool("is_paused").orElse(false),
            limit(body).orElse(null),
            PoolJson.readStorage(body));
    body.end();
    if (isReserved(create.name())) {
      throw reserved("");
    }
    return JobTemplate.check(create.baseJobTemplate(), defaults)
        .thenCompose(fit -> pools.create(create))
        .thenCompose(state -> views.of(call, state))
        .thenApply(Answer::created);
  }

  private static Optional<Integer> limit(Body body) {
    return body.integer("concurrency_limit", 0, Integer.MAX_VALUE);
  }

  private CompletableFuture<Answer> read(Call call) {
    return pools
        .get(call.parameter("name"))
        .thenCompose(state -> views.of(call, state))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body().notNull("base_job_template", "is_paused", "storage_configuration");
    var given = EnumSet.noneOf(Field.class);
    var paused = body.bool("is_paused");
    paused.ifPresent(present -> given.add(Field.PAUSED));
    given(body, given, "description", Field.DESCRIPTION);
    given(body, given, "concurrency_limit", Field.CONCURRENCY_LIMIT);
    body.node("base_job_template").ifPresent(present -> given.add(Field.BASE_JOB_TEMPLATE));
    given(body, given, "storage_configuration", Field.STORAGE_CONFIGURATION);
    var change =
        new WorkPoolCommand.Change(
            given,
            body.text("description").orElse(null),
            JobTemplate.read(body),
            paused.orElse(false),
            limit(body).orElse(null),
            PoolJson.readStorage(body));
    body.end();
    var name = call.parameter("name");
    if (isReserved(name) && !OF_RESERVED.containsAll(given)) {
      throw reserved(" and can only be updated to set concurrency limits or pause");
    }
    return pools.at(name, id -> pools.change(id, change)).thenApply(done -> Answer.noContent());
  }

  private static void given(Body body, Set<Field> given, String name, Field field) {
    if (body.has(name)) {
      given.add(field);
    }
  }

  private CompletableFuture<Answer> delete(Call call) {
    var name = call.parameter("name");
    if (isReserved(name)) {
      throw reserved(" and can not be deleted");
    }
    return pools.get(name).thenCompose(pools::delete).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "work_pools", Kind.WORK_POOL);
    var page = Page.of(body);
    body.end();
    return listings
        .ids(query, "NAME_ASC", page.limit(), page.offset())
        .thenCompose(ids -> Together.all(ids.stream().map(pools::find).toList()))
        .thenCompose(
            found ->
                Together.all(
                    found.stream()
                        .flatMap(Optional::stream)
                        .map((PoolState state) -> views.of(call, state))
                        .toList()))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> count(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "work_pools", Kind.WORK_POOL);
    body.end();
    return listings.count(query).thenApply(Answer::ok);
  }
}

package io.sluice.prefect;

import static io.sluice.rejection.Rejection.NotFound.What.WORK_QUEUE;

import io.sluice.cluster.Together;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Work queues of a pool, by name (Prefect 3.8.8, server/api/workers.py). */
final class PoolQueueRoutes {
  private static final int QUEUES_MAX = 10_000;

  private final WorkPools pools;
  private final Listings listings;
  private final PoolViews views;

  PoolQueueRoutes(Owners owners, PoolViews views) {
    this.pools = owners.pools();
    this.listings = owners.listings();
    this.views = views;
  }

  void addTo(Router router) {
    router
        .post("/work_pools/{pool}/queues", this::create)
        .get("/work_pools/{pool}/queues/{name}", this::read)
        .patch("/work_pools/{pool}/queues/{name}", this::update)
        .delete("/work_pools/{pool}/queues/{name}", this::delete)
        .post("/work_pools/{pool}/queues/filter", this::list);
  }

  private CompletableFuture<PoolState> pool(Call call) {
    return pools.get(call.parameter("pool"));
  }

  /** The queue of that name; refused if there is none. */
  static WorkQueue queue(PoolState state, String name) {
    return state
        .queue(name)
        .orElseThrow(
            () ->
                new Refused(new Rejection.NotFound(WORK_QUEUE, state.pool().name() + "/" + name)));
  }

  private CompletableFuture<Answer> create(Call call) {
    var create = QueueJson.create(call.body());
    return pool(call)
        .thenCompose(state -> pools.createQueue(state.pool().id(), create))
        .thenCompose(queue -> views.of(queue, call.parameter("pool"), false))
        .thenApply(Answer::created);
  }

  private CompletableFuture<Answer> read(Call call) {
    return pool(call)
        .thenCompose(
            state -> views.of(queue(state, call.parameter("name")), state.pool().name(), false))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    return pool(call)
        .thenCompose(
            state -> {
              var queue = queue(state, call.parameter("name"));
              return pools.changeQueue(state.pool().id(), QueueJson.change(queue.id(), body));
            })
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return pool(call)
        .thenCompose(
            state ->
                pools.deleteQueue(state.pool().id(), queue(state, call.parameter("name")).id()))
        .thenApply(done -> Answer.noContent());
  }

  /** In the order of their priorities. */
  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var asked = FilterBody.alone(body, "work_queues", Kind.WORK_QUEUE);
    var page = Page.of(body);
    body.end();
    return pool(call)
        .thenCompose(
            state ->
                listings
                    .ids(within(asked, state.pool().id()), "NAME_ASC", QUEUES_MAX, 0)
                    .thenCompose(ids -> page(state, ids, page)))
        .thenApply(Answer::ok);
  }

  private static Query within(Query asked, UUID pool) {
    var filters = new EnumMap<Kind, Filter>(Kind.class);
    filters.putAll(asked.filters());
    filters.put(Kind.WORK_POOL, new Filter.Test("id", Op.ANY, List.of(pool)));
    return new Query(asked.kind(), filters);
  }

  private CompletableFuture<List<QueueJson>> page(PoolState state, List<UUID> ids, Page page) {
    var fitting = new HashSet<>(ids);
    return Together.all(
        state.queues().stream()
            .filter(queue -> fitting.contains(queue.id()))
            .skip(page.offset())
            .limit(page.limit())
            .map(queue -> views.of(queue, state.pool().name(), false))
            .toList());
  }
}

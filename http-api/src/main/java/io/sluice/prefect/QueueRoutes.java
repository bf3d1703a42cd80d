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
import io.sluice.queue.WorkQueueTable;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.StateNames;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Work queues by id, and those made without naming a pool (Prefect 3.8.8, api/work_queues.py). */
final class QueueRoutes {
  private final WorkPools pools;
  private final Listings listings;
  private final PoolViews views;
  private final InstantSource clock;

  QueueRoutes(Owners owners, PoolViews views, InstantSource clock) {
    this.pools = owners.pools();
    this.listings = owners.listings();
    this.views = views;
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/work_queues/", this::create)
        .get("/work_queues/{id}", this::read)
        .get("/work_queues/name/{name}", this::readByName)
        .patch("/work_queues/{id}", this::update)
        .delete("/work_queues/{id}", this::delete)
        .get("/work_queues/{id}/status", this::status)
        .post("/work_queues/filter", this::list);
  }

  private CompletableFuture<Answer> create(Call call) {
    var create = QueueJson.create(call.body());
    return pools
        .agentPool()
        .thenCompose(state -> pools.createQueue(state.pool().id(), create))
        .thenCompose(queue -> views.of(queue, WorkPools.DEFAULT_AGENT_POOL, true))
        .thenApply(Answer::created);
  }

  private CompletableFuture<Answer> read(Call call) {
    var id = call.id("id");
    return pools
        .ofQueue(id)
        .thenCompose(state -> view(state, state.queue(id).orElseThrow()))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<QueueJson> view(PoolState state, WorkQueue queue) {
    return views.of(queue, state.pool().name(), true);
  }

  /** Of the agent pool; of any pool while there is no agent pool, which asking does not make. */
  private CompletableFuture<Answer> readByName(Call call) {
    var name = call.parameter("name");
    return Refused.orEmpty(Rejection.NotFound.class, pools.get(WorkPools.DEFAULT_AGENT_POOL))
        .thenCompose(
            agents ->
                agents.isPresent()
                    ? view(agents.get(), PoolQueueRoutes.queue(agents.get(), name))
                    : inAnyPool(name))
        .thenApply(Answer::ok);
  }

  private CompletableFuture<QueueJson> inAnyPool(String name) {
    var query =
        new Query(
            Kind.WORK_QUEUE,
            Map.of(Kind.WORK_QUEUE, new Filter.Test("name", Op.ANY, List.of(name))));
    return listings
        .list(query, "NAME_ASC", 1, 0, WorkQueueTable.LISTED)
        .thenCompose(
            found -> {
              if (found.isEmpty()) {
                throw new Refused(new Rejection.NotFound(WORK_QUEUE, name));
              }
              return view(found.get(0).pool(), found.get(0).queue());
            });
  }

  private CompletableFuture<Answer> update(Call call) {
    var id = call.id("id");
    var change = QueueJson.change(id, call.body());
    return pools
        .ofQueue(id)
        .thenCompose(state -> pools.changeQueue(state.pool().id(), change))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    var id = call.id("id");
    return pools
        .ofQueue(id)
        .thenCompose(state -> pools.deleteQueue(state.pool().id(), id))
        .thenApply(done -> Answer.noContent());
  }

  /** WorkQueueStatusDetail. */
  private record Status(
      boolean healthy, int lateRunsCount, Instant lastPolled, Policy healthCheckPolicy) {
    /** WorkQueueHealthPolicy. */
    record Policy(int maximumLateRuns, int maximumSecondsSinceLastPolled) {}
  }

  private CompletableFuture<Answer> status(Call call) {
    var id = call.id("id");
    var late =
        new Query(
            Kind.FLOW_RUN,
            Map.of(
                Kind.FLOW_RUN,
                new Filter.Test("state.name", Op.ANY, List.of(StateNames.LATE)),
                Kind.WORK_QUEUE,
                new Filter.Test("id", Op.ANY, List.of(id))));
    return pools
        .ofQueue(id)
        .thenCombine(
            listings.count(late),
            (state, lateRuns) -> {
              var queue = state.queue(id).orElseThrow();
              boolean healthy = lateRuns == 0 && queue.isPolled(clock.instant());
              return Answer.ok(
                  new Status(healthy, lateRuns, queue.lastPolled(), new Status.Policy(0, 60)));
            });
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var query = FilterBody.alone(body, "work_queues", Kind.WORK_QUEUE);
    var page = Page.of(body);
    body.end();
    return listings
        .list(query, "NAME_ASC", page.limit(), page.offset(), WorkQueueTable.LISTED)
        .thenCompose(
            found ->
                Together.all(found.stream().map(each -> view(each.pool(), each.queue())).toList()))
        .thenApply(all -> Answer.ok(all.stream().filter(Objects::nonNull).toList()));
  }

  private CompletableFuture<QueueJson> view(UUID pool, UUID id) {
    return pools
        .find(pool)
        .thenCompose(
            state -> {
              Optional<WorkQueue> queue = state.flatMap(s -> s.queue(id));
              return queue.isPresent()
                  ? view(state.get(), queue.get())
                  : CompletableFuture.<QueueJson>completedFuture(null);
            });
  }
}

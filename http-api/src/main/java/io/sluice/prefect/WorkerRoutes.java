package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.node.Owners;
import io.sluice.pool.WorkPools;
import io.sluice.worker.Worker;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** Workers of a pool (Prefect 3.8.8, server/api/workers.py). */
final class WorkerRoutes {
  private final WorkPools pools;
  private final InstantSource clock;

  WorkerRoutes(Owners owners, InstantSource clock) {
    this.pools = owners.pools();
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/work_pools/{pool}/workers/heartbeat", this::heartbeat)
        .post("/work_pools/{pool}/workers/filter", this::list)
        .delete("/work_pools/{pool}/workers/{name}", this::delete);
  }

  /** WorkerResponse. */
  private record WorkerJson(
      UUID id,
      Instant created,
      Instant updated,
      String name,
      UUID workPoolId,
      Instant lastHeartbeatTime,
      Integer heartbeatIntervalSeconds,
      Worker.Status status) {

    static WorkerJson of(Worker worker, Instant now) {
      return new WorkerJson(
          worker.id(),
          worker.created(),
          worker.updated(),
          worker.name(),
          worker.poolId(),
          worker.lastHeartbeat(),
          worker.heartbeatIntervalSeconds(),
          worker.status(now));
    }
  }

  private CompletableFuture<Answer> heartbeat(Call call) {
    var body = call.arguments();
    var name = body.required("name", body.text("name", Names.LENGTH_MAX), "");
    var interval = body.integer("heartbeat_interval_seconds");
    body.end();
    return pools
        .at(call.parameter("pool"), pool -> pools.heartbeat(pool, name, interval.orElse(null)))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var now = clock.instant();
    var fits = body.object("workers").map(filter -> filter(filter, now)).orElse(worker -> true);
    var page = Page.of(body);
    body.end();
    return pools
        .get(call.parameter("pool"))
        .thenApply(
            state ->
                Answer.ok(
                    state.workers().values().stream()
                        .filter(fits)
                        .sorted(
                            Comparator.comparing(Worker::lastHeartbeat)
                                .reversed()
                                .thenComparing(Worker::name))
                        .skip(page.offset())
                        .limit(page.limit())
                        .map(worker -> WorkerJson.of(worker, now))
                        .toList()));
  }

  private static Predicate<Worker> filter(Body filter, Instant now) {
    boolean any = FilterBody.isAny(filter);
    var byStatus = filter.object("status").map(status -> status(status, now));
    var byHeartbeat = filter.object("last_heartbeat_time").map(WorkerRoutes::heard);
    filter.endNested();
    var parts = List.of(byStatus, byHeartbeat).stream().flatMap(Optional::stream).toList();
    if (parts.isEmpty()) {
      return worker -> true;
    }
    return any
        ? worker -> parts.stream().anyMatch(part -> part.test(worker))
        : worker -> parts.stream().allMatch(part -> part.test(worker));
  }

  private static Predicate<Worker> status(Body body, Instant now) {
    var any = statuses(body, "any_");
    var none = statuses(body, "not_any_");
    body.endNested();
    return worker -> {
      var status = worker.status(now).name();
      return any.map(list -> list.contains(status)).orElse(true)
          && none.map(list -> !list.contains(status)).orElse(true);
    };
  }

  private static Optional<List<String>> statuses(Body body, String name) {
    var known = Arrays.stream(Worker.Status.values()).map(Enum::name).toList();
    return body.choices(name, known);
  }

  private static Predicate<Worker> heard(Body body) {
    var before = body.time("before_");
    var after = body.time("after_");
    body.endNested();
    return worker ->
        before.map(time -> !worker.lastHeartbeat().isAfter(time)).orElse(true)
            && after.map(time -> !worker.lastHeartbeat().isBefore(time)).orElse(true);
  }

  private CompletableFuture<Answer> delete(Call call) {
    return pools
        .at(call.parameter("pool"), pool -> pools.deleteWorker(pool, call.parameter("name")))
        .thenApply(done -> Answer.noContent());
  }
}

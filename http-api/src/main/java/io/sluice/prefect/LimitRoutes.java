package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Fault;
import io.sluice.http.Router;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.Limits;
import io.sluice.limit.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Global concurrency limits (Prefect 3.8.8, server/api/concurrency_limits_v2.py): {@code prefect
 * gcl}, {@code concurrency()}, {@code rate_limit()}, and the leases of tagged tasks and
 * deployments.
 */
final class LimitRoutes {
  private static final int LEASE_SECONDS_DEFAULT = 300;
  private static final int LEASE_SECONDS_MIN = 60;
  private static final int LEASE_SECONDS_MAX = 86_400;

  private static final Map<String, Holder.Type> HOLDER_TYPES =
      Map.of(
          "flow_run", Holder.Type.FLOW_RUN,
          "task_run", Holder.Type.TASK_RUN,
          "deployment", Holder.Type.DEPLOYMENT);

  private final Limits limits;
  private final Increments increments;

  LimitRoutes(Limits limits, Increments increments) {
    this.limits = limits;
    this.increments = increments;
  }

  void addTo(Router router) {
    router
        .post("/v2/concurrency_limits/", this::create)
        .get("/v2/concurrency_limits/{id_or_name}", this::read)
        .patch("/v2/concurrency_limits/{id_or_name}", this::update)
        .delete("/v2/concurrency_limits/{id_or_name}", this::delete)
        .post("/v2/concurrency_limits/filter", this::list)
        .post("/v2/concurrency_limits/increment", this::increment)
        .post("/v2/concurrency_limits/increment-with-lease", this::lease)
        .post("/v2/concurrency_limits/decrement", this::decrement)
        .post("/v2/concurrency_limits/decrement-with-lease", this::release)
        .post("/v2/concurrency_limits/leases/{lease_id}/renew", this::renew);
  }

  // ---- settings ----

  private CompletableFuture<Answer> create(Call call) {
    var body =
        call.body().notNull("active", "active_slots", "denied_slots", "slot_decay_per_second");
    var name = Names.required(body, "name");
    var active = body.bool("active").orElse(true);
    var slots = body.required("limit", slots(body, "limit"), 0);
    int activeSlots = slots(body, "active_slots").orElse(0);
    int deniedSlots = slots(body, "denied_slots").orElse(0);
    double decay = decay(body).orElse(0.0);
    body.end();
    return limits
        .create(new LimitSettings(name, active, slots, decay), activeSlots)
        .thenApply(limit -> Answer.created(LimitJson.Core.of(limit, deniedSlots)));
  }

  private static java.util.Optional<Integer> slots(Body body, String field) {
    return body.integer(field, 0, Integer.MAX_VALUE);
  }

  private static java.util.Optional<Double> decay(Body body) {
    return body.decimal("slot_decay_per_second", 0, Double.MAX_VALUE);
  }

  private CompletableFuture<Answer> read(Call call) {
    return find(call).thenApply(limit -> Answer.ok(LimitJson.Global.of(limit)));
  }

  private CompletableFuture<View> find(Call call) {
    var idOrName = call.parameter("id_or_name");
    return Call.uuid(idOrName).map(limits::get).orElseGet(() -> limits.get(idOrName));
  }

  private CompletableFuture<Answer> update(Call call) {
    var body = call.body();
    body.notNull("name", "active", "limit", "active_slots", "denied_slots");
    body.notNull("slot_decay_per_second");
    var name = Names.optional(body, "name");
    var active = body.bool("active");
    var slots = slots(body, "limit");
    var activeSlots = slots(body, "active_slots");
    slots(body, "denied_slots");
    var decay = decay(body);
    body.end();
    return find(call)
        .thenCompose(
            limit ->
                limits.change(
                    limit.id(),
                    was ->
                        new LimitSettings(
                            name.orElse(was.name()),
                            active.orElse(was.active()),
                            slots.orElse(was.slots()),
                            decay.orElse(was.decayPerSecond())),
                    activeSlots.orElse(null)))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> delete(Call call) {
    return find(call)
        .thenCompose(limit -> limits.delete(limit.id()))
        .thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var page = Page.of(body);
    body.end();
    return limits
        .list("", page.limit(), page.offset())
        .thenApply(all -> Answer.ok(all.stream().map(LimitJson.Global::of).toList()));
  }

  // ---- slots ----

  private CompletableFuture<Answer> increment(Call call) {
    var body = call.arguments();
    var slots = slots(body, null, null);
    body.bool("create_if_missing");
    body.end();
    return increments.acquire(
        call,
        slots,
        acquired -> Answer.ok(acquired.limits().stream().map(LimitJson.Minimal::of).toList()));
  }

  private CompletableFuture<Answer> lease(Call call) {
    var body = call.arguments();
    var slots = slots(body, leaseDuration(body), holder(body));
    body.end();
    return increments.acquire(call, slots, LimitRoutes::leased);
  }

  private static Answer leased(Outcome.Acquired acquired) {
    var answer =
        Answer.ok(
            new LimitJson.Leased(
                acquired.leaseId(UUID.randomUUID()),
                acquired.limits().stream().map(LimitJson.Minimal::of).toList()));
    return acquired.tokens().isEmpty()
        ? answer
        : answer.with(FencingRoutes.TOKENS, FencingRoutes.header(acquired.tokens()));
  }

  private static Increments.Slots slots(Body body, Duration lease, Holder holder) {
    int slots = requestedSlots(body);
    var names = Names.ofLimits(body);
    var mode = body.literal("mode", List.of("concurrency", "rate_limit"));
    boolean rate = mode.isPresent() && mode.get().equals("rate_limit");
    return new Increments.Slots(names, slots, rate, mode.isPresent(), lease == null, lease, holder);
  }

  private static int requestedSlots(Body body) {
    return body.required("slots", body.positiveInteger("slots"), 1);
  }

  private static Duration leaseDuration(Body body) {
    double seconds =
        body.decimal("lease_duration", LEASE_SECONDS_MIN, LEASE_SECONDS_MAX)
            .orElse((double) LEASE_SECONDS_DEFAULT);
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static Holder holder(Body body) {
    return body.object("holder")
        .map(
            holder -> {
              var type = holder.requiredText("type");
              var id = holder.requiredId("id");
              holder.endNested();
              if (!HOLDER_TYPES.containsKey(type)) {
                holder.wrong(
                    "type",
                    "literal_error",
                    "Input should be 'flow_run', 'task_run' or 'deployment'");
                return null;
              }
              return new Holder(HOLDER_TYPES.get(type), id);
            })
        .orElse(null);
  }

  private CompletableFuture<Answer> decrement(Call call) {
    var body = call.arguments();
    var names = Names.ofLimits(body);
    int slots = requestedSlots(body);
    var occupancy = body.positive("occupancy_seconds");
    body.bool("create_if_missing");
    body.end();
    return limits
        .giveBack(names, slots, occupancy.orElse(null))
        .thenApply(all -> Answer.ok(all.stream().map(LimitJson.Minimal::of).toList()));
  }

  private CompletableFuture<Answer> release(Call call) {
    var body = call.arguments();
    var leaseId = body.requiredId("lease_id");
    body.end();
    return limits.release(leaseId).thenApply(done -> Answer.noContent());
  }

  private CompletableFuture<Answer> renew(Call call) {
    var body = call.arguments();
    var duration = leaseDuration(body);
    body.end();
    return limits.renew(leaseId(call), duration).thenApply(done -> Answer.noContent());
  }

  private static UUID leaseId(Call call) {
    var text = call.parameter("lease_id");
    return Call.uuid(text)
        .orElseThrow(() -> io.sluice.http.Invalid.inPath("lease_id", Fault.noId(text), text));
  }
}

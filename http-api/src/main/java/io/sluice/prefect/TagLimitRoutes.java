package io.sluice.prefect;

import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.http.Router;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.Limits;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Limits of task tags (Prefect 3.8.8, server/api/concurrency_limits.py). The limit of tag {@code x}
 * is the limit named {@code tag:x}.
 */
final class TagLimitRoutes {
  /** How long a slot is held that an operator assigned to a task run by hand. */
  private static final Duration ASSIGNED_FOR = Duration.ofDays(1);

  private final Limits limits;

  TagLimitRoutes(Limits limits) {
    this.limits = limits;
  }

  void addTo(Router router) {
    router
        .post("/concurrency_limits/", this::create)
        .get("/concurrency_limits/{id}", call -> limits.get(call.id("id")).thenApply(this::answer))
        .delete("/concurrency_limits/{id}", call -> delete(limits.get(call.id("id"))))
        .get("/concurrency_limits/tag/{tag}", call -> find(call).thenApply(this::answer))
        .delete("/concurrency_limits/tag/{tag}", call -> delete(find(call)))
        .post("/concurrency_limits/tag/{tag}/reset", this::reset)
        .post("/concurrency_limits/filter", this::list);
  }

  /** ConcurrencyLimit; {@code activeSlots} are the task runs that hold slots. */
  private record TagLimitJson(
      UUID id,
      Instant created,
      Instant updated,
      String tag,
      int concurrencyLimit,
      List<UUID> activeSlots) {

    static TagLimitJson of(View limit) {
      var holders =
          limit.leases().stream()
              .map(HeldLease::lease)
              .map(lease -> lease.holder())
              .filter(Objects::nonNull)
              .filter(holder -> holder.type() == Holder.Type.TASK_RUN)
              .map(Holder::id)
              .toList();
      return new TagLimitJson(
          limit.id(),
          limit.created(),
          limit.updated(),
          LimitKind.TAG.whatOf(limit.settings().name()),
          limit.settings().slots(),
          holders);
    }
  }

  private Answer answer(View limit) {
    if (!LimitKind.TAG.names(limit.settings().name())) {
      throw new Refused(new Rejection.LimitNotFound(limit.id().toString()));
    }
    return Answer.ok(TagLimitJson.of(limit));
  }

  private CompletableFuture<View> find(Call call) {
    return limits.get(LimitKind.TAG.nameOf(call.parameter("tag")));
  }

  /** Creates the limit or resizes it; nobody loses a slot. */
  private CompletableFuture<Answer> create(Call call) {
    var body = call.body();
    var tag = body.required("tag", body.text("tag", Names.LENGTH_MAX), "");
    int slots =
        body.required(
            "concurrency_limit", body.integer("concurrency_limit", 0, Integer.MAX_VALUE), 0);
    body.end();
    return limits
        .create(LimitSettings.of(LimitKind.TAG.nameOf(tag), slots), 0)
        .thenApply(made -> Answer.created(TagLimitJson.of(made)))
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.LimitNameTaken.class, () -> resize(LimitKind.TAG.nameOf(tag), slots)));
  }

  private CompletableFuture<Answer> resize(String name, int slots) {
    return limits
        .get(name)
        .thenCompose(
            limit ->
                limits
                    .change(limit.id(), was -> was.withSlots(slots), null)
                    .thenCompose(done -> limits.get(limit.id())))
        .thenApply(limit -> Answer.ok(TagLimitJson.of(limit)));
  }

  private CompletableFuture<Answer> delete(CompletableFuture<View> found) {
    return found
        .thenCompose(limit -> limits.deleteWithLeases(limit.id()))
        .thenApply(done -> Answer.ok(null));
  }

  /** Frees all slots, then assigns slots to the task runs that are named. */
  private CompletableFuture<Answer> reset(Call call) {
    var body = call.arguments();
    var instead = body.ids("slot_override").orElse(List.of());
    body.end();
    var holders = instead.stream().map(Holder::taskRun).toList();
    return find(call)
        .thenCompose(limit -> limits.reset(limit.id(), holders, ASSIGNED_FOR))
        .thenApply(done -> Answer.ok(null));
  }

  private CompletableFuture<Answer> list(Call call) {
    var body = call.arguments();
    var page = Page.of(body);
    body.end();
    return limits
        .list(LimitKind.TAG.prefix(), page.limit(), page.offset())
        .thenApply(all -> Answer.ok(all.stream().map(TagLimitJson::of).toList()));
  }
}

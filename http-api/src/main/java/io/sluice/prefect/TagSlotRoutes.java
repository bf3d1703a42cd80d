package io.sluice.prefect;

import io.sluice.cluster.Together;
import io.sluice.http.Answer;
import io.sluice.http.Body;
import io.sluice.http.Call;
import io.sluice.http.Plain;
import io.sluice.http.Router;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitKind;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.Limits;
import io.sluice.limit.Outcome;
import io.sluice.limit.SlotRequest;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Slots of task tags as clients before 3.4 take them, by task run and without a lease of their own
 * (Prefect 3.8.8, server/api/concurrency_limits.py increment, decrement). Such clients do not renew
 * anything: the slot is theirs until they give it back, a day at most.
 */
final class TagSlotRoutes {
  private static final Duration HELD_FOR = Duration.ofDays(1);

  /** Prefect 3.8.8, PREFECT_TASK_RUN_TAG_CONCURRENCY_SLOT_WAIT_SECONDS. */
  private static final String RETRY_AFTER_SECONDS = "10";

  private final Limits limits;
  private final InstantSource clock;

  TagSlotRoutes(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  void addTo(Router router) {
    router
        .post("/concurrency_limits/increment", this::increment)
        .post("/concurrency_limits/decrement", this::decrement);
  }

  private record Asked(List<String> tags, Holder holder) {
    static Asked read(Call call) {
      Body body = call.arguments();
      var tags = Names.ofLimits(body);
      var holder = Holder.taskRun(body.requiredId("task_run_id"));
      body.end();
      return new Asked(tags, holder);
    }
  }

  private CompletableFuture<Answer> increment(Call call) {
    var asked = Asked.read(call);
    return views(asked)
        .thenCompose(
            found -> {
              found.forEach(TagSlotRoutes::refuseZero);
              // Asked again, perhaps because the answer was lost: what is held stays held.
              var missing =
                  found.stream()
                      .filter(limit -> leasesOf(limit, asked.holder()).isEmpty())
                      .map(limit -> limit.settings().name())
                      .toList();
              return acquire(missing, asked.holder())
                  .thenApply(
                      done -> Answer.ok(found.stream().map(TagSlotRoutes::minimal).toList()));
            });
  }

  private static void refuseZero(View limit) {
    if (limit.settings().slots() == 0) {
      throw new Plain(
          423,
          "The concurrency limit on tag \"%s\" is 0 and will deadlock if the task tries to run again."
              .formatted(tag(limit)));
    }
  }

  /** By its tag (Prefect 3.8.8, api/concurrency_limits.py; the answer to a decrement differs). */
  private static LimitJson.Minimal minimal(View limit) {
    var settings = limit.settings();
    return new LimitJson.Minimal(limit.id(), tag(limit), settings.slots());
  }

  private static String tag(View limit) {
    return LimitKind.TAG.whatOf(limit.settings().name());
  }

  private CompletableFuture<Void> acquire(List<String> names, Holder holder) {
    return limits
        .acquire(
            names, SlotRequest.one(holder, clock.instant()), HELD_FOR, false, null, IfBusy.FORGET)
        .thenCompose(acquisition -> acquisition.outcome())
        .thenAccept(
            outcome -> {
              if (outcome instanceof Outcome.Waits waits) {
                throw new Locked(waits.busy().limit().name());
              }
            });
  }

  /** Answered 423 with the time to wait. */
  private static final class Locked extends Plain {
    private static final long serialVersionUID = 1L;

    Locked(String limit) {
      super(
          423,
          "Concurrency limit for the %s tag has been reached"
              .formatted(LimitKind.TAG.whatOf(limit)));
    }

    @Override
    public Answer answer() {
      return super.answer().with("Retry-After", RETRY_AFTER_SECONDS);
    }
  }

  private CompletableFuture<Answer> decrement(Call call) {
    var asked = Asked.read(call);
    return views(asked)
        .thenCompose(
            found -> {
              var released =
                  found.stream()
                      .flatMap(limit -> leasesOf(limit, asked.holder()).stream())
                      .map(limits::release)
                      .toList();
              return Together.done(released)
                  .thenApply(done -> Answer.ok(found.stream().map(LimitJson.Minimal::of).toList()));
            });
  }

  private static List<UUID> leasesOf(View limit, Holder holder) {
    return limit.leases().stream()
        .map(HeldLease::lease)
        .filter(lease -> holder.equals(lease.holder()))
        .map(lease -> lease.id())
        .toList();
  }

  private CompletableFuture<List<View>> views(Asked asked) {
    return Together.all(asked.tags().stream().distinct().map(this::view).toList())
        .thenApply(all -> all.stream().flatMap(Optional::stream).toList());
  }

  private CompletableFuture<Optional<View>> view(String tag) {
    return Refused.orEmpty(Rejection.LimitNotFound.class, limits.get(LimitKind.TAG.nameOf(tag)));
  }
}

package io.sluice.prefect;

import static io.sluice.cluster.Spans.longer;
import static io.sluice.cluster.Spans.shorter;

import com.typesafe.config.Config;
import io.sluice.http.Answer;
import io.sluice.http.Call;
import io.sluice.limit.Acquisition;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.Limits;
import io.sluice.limit.Outcome;
import io.sluice.limit.SlotRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Requests for slots that may be held: Prefect's client, told 423, sleeps as long as it is told and
 * asks again; held instead, it has its slot within milliseconds of the release.
 *
 * <p>Held are requests that state {@code "mode": "concurrency"}, as Prefect's client always does;
 * others are answered at once. {@code Prefer: wait=N} (RFC 7240) asks for another wait in seconds,
 * 0 for none. A rate limit needs no hold: it answers the very moment at which the slot will exist.
 */
final class Increments {
  private static final Duration HOLD_MAX = Duration.ofSeconds(50);
  private static final Duration EACH_LEAST = Duration.ofMillis(100);
  private static final Duration RETRY_LEAST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(30);

  private final Limits limits;
  private final InstantSource clock;
  private final ActorSystem<?> system;
  private final List<Duration> holds;
  private final Duration keepPlace;
  private final Returns returns = new Returns();

  Increments(Limits limits, InstantSource clock, ActorSystem<?> system, Config http) {
    this.limits = limits;
    this.clock = clock;
    this.system = system;
    this.holds = http.getDurationList("holds");
    this.keepPlace = http.getDuration("keep-place");
  }

  /** Who asks for what: requests that are alike in this share their places in line. */
  private record Alike(String remoteHost, String flowRun, Slots slots) {}

  /** What is asked for. */
  record Slots(
      List<String> names,
      int slots,
      boolean rateLimit,
      boolean modeStated,
      boolean loose,
      Duration lease,
      Holder holder) {}

  CompletableFuture<Answer> acquire(
      Call call, Slots slots, Function<Outcome.Acquired, Answer> answer) {
    var alike =
        new Alike(
            call.connection().remoteHost(), call.header("X-Prefect-Flow-Id").orElse(""), slots);
    var now = clock.instant();
    var kept = returns.take(alike, now);
    var place = kept == null ? Returns.Place.none(now) : kept;
    var wished = hold(call, slots, place);
    var hold = wished.isZero() || call.mayHold() ? wished : Duration.ZERO;
    return limits
        .acquire(
            slots.names(),
            new SlotRequest(slots.slots(), slots.rateLimit(), slots.holder(), place.since(), 0),
            slots.lease(),
            slots.loose(),
            place.leaseId(),
            ifBusy(slots, hold))
        .thenCompose(acquisition -> held(call, acquisition, hold))
        .thenApply(
            outcome ->
                outcome instanceof Outcome.Acquired acquired
                    ? answer.apply(acquired)
                    : sendBack(alike, (Outcome.Waits) outcome, place, hold));
  }

  private Answer sendBack(Alike alike, Outcome.Waits waits, Returns.Place place, Duration hold) {
    var retryAfter = retryAfter(waits.busy(), alike.slots(), hold);
    if (!hold.isZero() || alike.slots().rateLimit()) {
      var back = clock.instant();
      var until = back.plus(retryAfter).plus(keepPlace);
      var next = place.next(waits.claim().leaseId(), turn(waits.busy()), until);
      returns.keep(alike, next, back);
    }
    return Answer.detail(423, "Locked")
        .with("Retry-After", String.valueOf(retryAfter.toNanos() / 1e9));
  }

  private static IfBusy ifBusy(Slots slots, Duration hold) {
    if (!hold.isZero()) {
      return IfBusy.PARK;
    }
    return slots.rateLimit() ? IfBusy.KEEP_PLACE : IfBusy.FORGET;
  }

  /**
   * After how long it should surely have had its turn, counting at least as much for each one
   * before it as Prefect 3.8.8 does (0.1 s, the least of avg_slot_occupancy_seconds): handing on
   * slots that are held for less takes its time, too. At most as long as anybody is held.
   */
  private Duration turn(Busy busy) {
    var most = holds.get(holds.size() - 1);
    var estimated = shorter(busy.estimate(), most).multipliedBy(3).dividedBy(2);
    var counted =
        EACH_LEAST.multipliedBy(busy.position()).dividedBy(Math.max(1, busy.limit().slots()));
    return shorter(longer(estimated, counted), most);
  }

  /**
   * Who comes back is held until its turn, if that is longer than the attempt alone would give it:
   * sent back in between, many in line cost the server what it needs for them. Prefect's server
   * would let it sleep as long.
   */
  private Duration hold(Call call, Slots slots, Returns.Place place) {
    var preferred = preferred(call);
    if (preferred.isPresent()) {
      return preferred.get();
    }
    if (!slots.modeStated() || slots.rateLimit()) {
      return Duration.ZERO;
    }
    return longer(holds.get(Math.min(place.attempt(), holds.size() - 1)), place.turn());
  }

  private static Optional<Duration> preferred(Call call) {
    return call.header("Prefer")
        .filter(prefer -> prefer.matches("wait=\\d{1,4}"))
        .map(prefer -> Duration.ofSeconds(Integer.parseInt(prefer.substring(5))))
        .map(wait -> shorter(wait, HOLD_MAX));
  }

  private CompletableFuture<Outcome> held(Call call, Acquisition acquisition, Duration hold) {
    if (acquisition.outcome().isDone()) {
      return acquisition.outcome();
    }
    var unwatch = call.connection().whenGone(() -> acquisition.withdraw(null));
    var timer =
        hold.isZero()
            ? null
            : system
                .scheduler()
                .scheduleOnce(
                    hold, () -> acquisition.withdraw(keepPlace), system.executionContext());
    acquisition
        .outcome()
        .whenComplete(
            (outcome, failure) -> {
              unwatch.run();
              if (timer != null) {
                timer.cancel();
              }
            });
    return acquisition.outcome();
  }

  /** After a hold it may ask again at once: it keeps its place. */
  private static Duration retryAfter(Busy busy, Slots slots, Duration hold) {
    if (!hold.isZero()) {
      return Duration.ZERO;
    }
    if (slots.rateLimit()) {
      return busy.estimate();
    }
    return longer(shorter(busy.estimate(), RETRY_MOST), RETRY_LEAST);
  }
}

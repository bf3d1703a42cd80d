package io.sluice;

import io.sluice.LimitState.SlotHolder;
import io.sluice.cluster.Together;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.Limits;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/** What limits there are: defines, changes, reads them. */
final class Definitions {
  private static final long PAUSE_NANOS = 200_000_000;

  private final Limits limits;
  private final InstantSource clock;

  Definitions(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
  }

  CompletableFuture<LimitState> define(LimitDefinition wanted) {
    return limits
        .lookUp(wanted.name())
        .thenCompose(id -> id.isPresent() ? redefine(id.get(), wanted) : create(wanted));
  }

  private CompletableFuture<LimitState> create(LimitDefinition wanted) {
    return limits
        .create(settings(wanted), 0)
        .thenApply(this::state)
        .exceptionallyCompose(
            Refused.orElse(
                Rejection.LimitNameTaken.class,
                () ->
                    limits
                        .lookUp(wanted.name())
                        .thenCompose(id -> redefine(id.orElseThrow(), wanted))));
  }

  private CompletableFuture<LimitState> redefine(UUID id, LimitDefinition wanted) {
    return limits
        .change(id, now -> now.withSlots(wanted.slots()).withDecay(wanted.refillPerSecond()), null)
        .exceptionallyCompose(
            Refused.orElse(Rejection.LimitNotFound.class, () -> finish(id, wanted)))
        .thenCompose(done -> limits.get(id))
        .thenApply(this::state);
  }

  /** Its name was entered but its owner never told: whoever created it was stopped in between. */
  private CompletableFuture<Void> finish(UUID id, LimitDefinition wanted) {
    return limits.put(id, settings(wanted), List.of(), List.of(), clock.instant());
  }

  private static LimitSettings settings(LimitDefinition wanted) {
    return new LimitSettings(wanted.name(), true, wanted.slots(), wanted.refillPerSecond());
  }

  CompletableFuture<Optional<LimitState>> find(String name) {
    return limits
        .get(name)
        .thenApply(view -> Optional.of(state(view)))
        .exceptionally(Refused.or(Rejection.LimitNotFound.class, Optional.empty()));
  }

  CompletableFuture<LimitState> resize(String name, int slots) {
    if (slots < 0) {
      throw new IllegalArgumentException("a limit has 0 or more slots, not " + slots);
    }
    return change(name, settings -> settings.withSlots(slots));
  }

  CompletableFuture<LimitState> enable(String name, boolean enabled) {
    return change(name, settings -> settings.withActive(enabled));
  }

  /**
   * Completes when an owner answers; any will do, whether its limit exists or not. Until then it is
   * asked again and again, as long as {@code threads} are not closed.
   */
  CompletableFuture<Void> awaitAnswer(Threads threads) {
    return limits
        .get(UUID.randomUUID())
        .<Void>thenApply(exists -> null)
        .exceptionally(Refused.or(Rejection.LimitNotFound.class, null))
        .exceptionallyCompose(
            silent -> {
              var later = new CompletableFuture<Void>();
              threads.after(PAUSE_NANOS, () -> later.complete(null));
              return later.thenCompose(again -> awaitAnswer(threads));
            });
  }

  private CompletableFuture<LimitState> change(String name, UnaryOperator<LimitSettings> change) {
    return limits
        .get(name)
        .thenCompose(
            before ->
                limits
                    .change(before.id(), change, null)
                    .thenCompose(done -> limits.get(before.id())))
        .thenApply(this::state);
  }

  CompletableFuture<Boolean> delete(String name) {
    return limits
        .get(name)
        .thenCompose(limit -> limits.deleteWithLeases(limit.id()))
        .thenApply(done -> true)
        .exceptionally(Refused.or(Rejection.LimitNotFound.class, false));
  }

  /** Those of the limits that have no room for {@code slots} more; all if each has by now. */
  CompletableFuture<List<LimitState>> full(List<String> names, int slots) {
    return Together.all(names.stream().map(this::find).toList())
        .thenApply(
            found -> {
              var states = found.stream().flatMap(Optional::stream).toList();
              var full = states.stream().filter(s -> s.held() + slots > s.slots()).toList();
              return full.isEmpty() ? states : full;
            });
  }

  private LimitState state(View view) {
    var now = clock.instant();
    var settings = view.settings();
    return new LimitState(
        new LimitDefinition(settings.name(), settings.slots(), settings.decayPerSecond()),
        settings.active(),
        view.activeSlots(),
        view.waiting(),
        view.leases().stream()
            .filter(held -> !held.lease().writtenOff())
            .map(
                held ->
                    new SlotHolder(
                        name(held.lease().holder()),
                        held.lease().slots(),
                        heldFor(held.lease().grantedAt(), now)))
            .toList());
  }

  private static String name(Holder holder) {
    if (holder == null) {
      return "somebody who gave no name";
    }
    return holder.name() != null
        ? holder.name()
        : holder.type().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + holder.id();
  }

  private static Duration heldFor(Instant since, Instant now) {
    return now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
  }
}

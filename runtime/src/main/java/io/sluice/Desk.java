package io.sluice;

import io.sluice.cluster.Together;
import io.sluice.limit.Holder;
import io.sluice.limit.Limits;
import io.sluice.limit.SlotRequest;
import io.sluice.node.SluiceNode;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Hands out slots: keeps who waits and what is held, both bounded. */
final class Desk {
  private static final int ASKS_OF_A_CALL = 3;

  private final Limits limits;
  private final SluiceNode node;
  private final Definitions definitions;
  private final Threads threads;
  private final LibrarySettings settings;
  private final UUID self = UUID.randomUUID();
  private final String process = ManagementFactory.getRuntimeMXBean().getName();
  private final Semaphore places;
  private final Set<SlotWait> waits = ConcurrentHashMap.newKeySet();
  private final Set<LiveLease> leases = ConcurrentHashMap.newKeySet();
  private final Set<CompletableFuture<?>> calls = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Desk(SluiceNode node, Definitions definitions, Threads threads, LibrarySettings settings) {
    this.node = node;
    this.limits = node.owners().limits();
    this.definitions = definitions;
    this.threads = threads;
    this.settings = settings;
    this.places = new Semaphore(settings.requestsMax());
  }

  /** A lease, or empty if there is no room at once. */
  Pending<Optional<Lease>> tryLease(LeaseRequest request) {
    return lease(
        request, Duration.ZERO, late -> CompletableFuture.completedFuture(Optional.empty()));
  }

  /** A lease; fails with {@link SluiceException.NotInTime} if there is no room in time. */
  Pending<Optional<Lease>> lease(LeaseRequest request, Duration atMost) {
    return lease(request, atMost, late -> notInTime(request.limits(), request.slots(), atMost));
  }

  private Pending<Optional<Lease>> lease(
      LeaseRequest request,
      Duration atMost,
      Function<Void, CompletableFuture<Optional<Lease>>> late) {
    var ask = new SlotWait.Ask(request.limits(), slots(request), request.duration());
    return take(
        ask,
        atMost,
        grant -> fresh(request, grant).thenApply(fresh -> Optional.of(held(request, fresh))),
        late,
        lease -> lease.ifPresent(Lease::close));
  }

  private SlotRequest slots(LeaseRequest request) {
    var holder = Holder.service(self, request.holder() == null ? here() : request.holder());
    return new SlotRequest(
        request.slots(), false, holder, node.clock().instant(), request.priority());
  }

  private String here() {
    return process + "/" + Thread.currentThread().getName();
  }

  /** Whether slots that come back by time alone were taken at once. */
  Pending<Boolean> tryRate(String limit, int slots) {
    return rate(limit, slots, Duration.ZERO, late -> CompletableFuture.completedFuture(false));
  }

  /** True; fails with {@link SluiceException.NotInTime}. */
  Pending<Boolean> rate(String limit, int slots, Duration atMost) {
    return rate(limit, slots, atMost, late -> notInTime(List.of(limit), slots, atMost));
  }

  private Pending<Boolean> rate(
      String limit, int slots, Duration atMost, Function<Void, CompletableFuture<Boolean>> late) {
    if (slots < 1) {
      throw new IllegalArgumentException("a rate takes at least 1 slot, not " + slots);
    }
    var request = new SlotRequest(slots, true, null, node.clock().instant(), 0);
    var ask = new SlotWait.Ask(List.of(limit), request, null);
    return take(ask, atMost, grant -> CompletableFuture.completedFuture(true), late, taken -> {});
  }

  /**
   * @param granted what to answer when the slots are held
   * @param late what to answer when they did not come free
   */
  private <T> Pending<T> take(
      SlotWait.Ask ask,
      Duration atMost,
      Function<SlotWait.Grant, CompletableFuture<T>> granted,
      Function<Void, CompletableFuture<T>> late,
      Consumer<T> undo) {
    if (!places.tryAcquire()) {
      return refused(tooMany());
    }
    var wait = new SlotWait(limits, threads, ask, atMost, settings.askAgainAfter());
    waits.add(wait);
    wait.gone().thenRun(() -> waits.remove(wait));
    var answer =
        wait.result()
            .whenComplete(
                (grant, failure) -> {
                  if (grant != null) {
                    waits.remove(wait);
                  }
                  if (grant == null || ask.isRate()) {
                    places.release();
                  }
                })
            .thenCompose(grant -> grant == null ? late.apply(null) : granted.apply(grant));
    if (closed) {
      wait.giveUp(new SluiceException.Closed());
    }
    wait.start();
    return new Pending<>(answer, wait::giveUp, undo);
  }

  /** Passes a call on; it ends with this desk, and in any case within a few asks' time. */
  <T> Pending<T> call(Supplier<CompletableFuture<T>> call) {
    if (!places.tryAcquire()) {
      return refused(tooMany());
    }
    var answer = new CompletableFuture<T>();
    calls.add(answer);
    answer.whenComplete(
        (value, failure) -> {
          calls.remove(answer);
          places.release();
        });
    answer.orTimeout(
        settings.answerWithin().multipliedBy(ASKS_OF_A_CALL).toMillis(), TimeUnit.MILLISECONDS);
    if (closed) {
      answer.completeExceptionally(new SluiceException.Closed());
      return new Pending<>(answer, why -> {}, late -> {});
    }
    call.get()
        .whenComplete(
            (value, failure) -> {
              if (failure == null) {
                answer.complete(value);
              } else {
                answer.completeExceptionally(failure);
              }
            });
    return new Pending<>(answer, answer::completeExceptionally, late -> {});
  }

  private static <T> Pending<T> refused(SluiceException why) {
    return new Pending<>(CompletableFuture.failedFuture(why), again -> {}, late -> {});
  }

  /** A grant that may be old is renewed, and counts from then. */
  private CompletableFuture<SlotWait.Grant> fresh(LeaseRequest request, SlotWait.Grant grant) {
    if (LiveLease.isFresh(grant.askedAt(), request.duration())) {
      return CompletableFuture.completedFuture(grant);
    }
    var id = grant.slots().leaseId(UUID.randomUUID());
    long askedAt = System.nanoTime();
    return limits
        .renew(id, request.duration())
        .thenApply(renewed -> new SlotWait.Grant(grant.slots(), askedAt))
        .whenComplete(
            (renewed, failure) -> {
              if (failure != null) {
                places.release();
                limits.release(id);
              }
            });
  }

  private Lease held(LeaseRequest request, SlotWait.Grant grant) {
    Map<String, Long> tokens = new HashMap<>();
    for (var limit : grant.slots().limits()) {
      tokens.put(limit.name(), grant.slots().tokens().getOrDefault(limit.id(), 0L));
    }
    var id = grant.slots().leaseId(UUID.randomUUID());
    var lease = new LiveLease(owners(), threads, request, id, tokens).start(grant.askedAt());
    leases.add(lease);
    lease
        .ended()
        .thenRun(
            () -> {
              leases.remove(lease);
              places.release();
            });
    if (closed) {
      lease.lose(LeaseLoss.SLUICE_CLOSED);
    }
    return lease;
  }

  private LiveLease.Owner owners() {
    return new LiveLease.Owner() {
      @Override
      public CompletableFuture<Void> renew(UUID lease, Duration duration) {
        return limits.renew(lease, duration);
      }

      @Override
      public CompletableFuture<Void> release(UUID lease) {
        return limits.release(lease);
      }
    };
  }

  private SluiceException tooMany() {
    return new SluiceException.TooMany(
        "This Sluice has %d leases and requests under way already, which is the most."
            .formatted(settings.requestsMax()),
        "Close some, or raise sluice.library.requests-max.");
  }

  private <T> CompletableFuture<T> notInTime(List<String> names, int slots, Duration atMost) {
    return definitions
        .full(names, slots)
        .orTimeout(settings.answerWithin().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(unknown -> List.of())
        .thenCompose(
            full -> CompletableFuture.failedFuture(NotInTimeWords.of(names, slots, atMost, full)));
  }

  /**
   * Ends all waits and leases. Slots that are being given back are waited for, those of open leases
   * come back by themselves.
   *
   * @param within how long to wait at most; zero if the node has ended already
   */
  void close(Duration within) {
    closed = true;
    var ending = new ArrayList<CompletableFuture<Void>>();
    for (var wait : waits) {
      ending.add(wait.gone());
      wait.giveUp(new SluiceException.Closed());
    }
    calls.forEach(call -> call.completeExceptionally(new SluiceException.Closed()));
    for (var lease : leases) {
      if (lease.isClosed()) {
        ending.add(lease.ended());
      } else {
        lease.lose(LeaseLoss.SLUICE_CLOSED);
      }
    }
    if (!within.isZero()) {
      Together.done(ending)
          .completeOnTimeout(null, within.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    }
  }
}

package io.sluice;

import static io.sluice.cluster.Spans.shorter;

import io.sluice.limit.Acquisition;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply;
import io.sluice.limit.Limits;
import io.sluice.limit.Outcome;
import io.sluice.limit.SlotRequest;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * One request for slots, from the ask until it is granted, turned down, out of time or given up.
 *
 * <p>It waits with an owner for a while, then asks again with the same lease id and age: so an
 * owner that moved to another node, and forgot who was in line, is found again. After its end
 * nothing of it is left: neither a place in line nor a slot that was granted in the last moment.
 */
final class SlotWait {
  /** How long an owner keeps the place of a request that is about to be repeated. */
  private static final Duration KEEP_PLACE = Duration.ofSeconds(5);

  /** As good as for ever, and no overflow. */
  private static final Duration WAIT_MAX = Duration.ofDays(10_000);

  /** How long an owner may take to confirm that a wait has ended before it counts as moved. */
  private static final Duration CONFIRM_WITHIN = Duration.ofSeconds(2);

  /**
   * @param lease how long a lease lives, null to take slots by rate
   */
  record Ask(List<String> limits, SlotRequest request, Duration lease) {
    boolean isRate() {
      return lease == null;
    }
  }

  /**
   * @param askedAt {@link System#nanoTime()} at which the request that was granted was sent
   */
  record Grant(Outcome.Acquired slots, long askedAt) {}

  private enum Stage {
    WAITING,
    GRANTED,
    ENDED
  }

  private final Limits limits;
  private final Threads threads;
  private final Ask ask;
  private final long deadline;
  private final boolean waits;
  private final Duration askAgainAfter;
  private final UUID random = UUID.randomUUID();
  private final CompletableFuture<Grant> result = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private Stage stage = Stage.WAITING;
  private Acquisition current;
  private Future<?> timer;
  private boolean looked;

  SlotWait(Limits limits, Threads threads, Ask ask, Duration atMost, Duration askAgainAfter) {
    this.limits = limits;
    this.threads = threads;
    this.ask = ask;
    this.deadline = System.nanoTime() + shorter(atMost, WAIT_MAX).toNanos();
    this.waits = !atMost.isZero() && !atMost.isNegative();
    this.askAgainAfter = askAgainAfter;
  }

  /** The grant, or null if there was no room in time. Fails with any {@link Throwable}. */
  CompletableFuture<Grant> result() {
    return result;
  }

  /** Completes after a wait without a grant, when nothing of it is left at the owners. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  void start() {
    var known = ask.limits().stream().map(this::mustExist).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(known)
        .whenComplete(
            (all, failure) -> {
              if (failure == null) {
                round();
              } else {
                end(failure);
              }
            });
  }

  private CompletableFuture<Void> mustExist(String name) {
    var found = looked ? limits.lookUp(name) : limits.idOf(name);
    return found.thenAccept(
        id -> {
          if (id.isEmpty()) {
            throw new SluiceException.NoSuchLimit(name);
          }
        });
  }

  /** Ends the wait with {@code why}, unless it has ended: then without effect. */
  void giveUp(Throwable why) {
    Acquisition asked;
    synchronized (this) {
      if (stage != Stage.WAITING) {
        return;
      }
      stage = Stage.ENDED;
      asked = current;
      stopTimer();
    }
    if (asked != null) {
      asked.withdraw(null);
    }
    result.completeExceptionally(why);
  }

  // ---- one round ----

  private void round() {
    synchronized (this) {
      if (stage != Stage.WAITING) {
        gone.complete(null);
        return;
      }
    }
    long askedAt = System.nanoTime();
    var ifBusy = waits ? IfBusy.PARK : IfBusy.FORGET;
    limits
        .acquire(ask.limits(), ask.request(), ask.lease(), ask.isRate(), random, ifBusy)
        .whenComplete(
            (asked, failure) -> {
              if (failure == null) {
                follow(asked, askedAt);
              } else {
                end(failure);
              }
            });
  }

  private void follow(Acquisition asked, long askedAt) {
    boolean givenUp;
    synchronized (this) {
      current = asked;
      givenUp = stage != Stage.WAITING;
      if (!givenUp && waits) {
        boolean last = left() <= askAgainAfter.toNanos();
        timer =
            threads.after(
                Math.min(left(), askAgainAfter.toNanos()),
                () -> interrupt(asked, last ? null : KEEP_PLACE));
      }
    }
    if (givenUp) {
      asked.withdraw(null);
    }
    asked.outcome().whenComplete((outcome, failure) -> ended(asked, askedAt, outcome, failure));
  }

  private void interrupt(Acquisition asked, Duration keepPlace) {
    synchronized (this) {
      if (stage == Stage.WAITING && current == asked) {
        timer = threads.after(CONFIRM_WITHIN.toNanos(), () -> unanswered(asked));
      }
    }
    asked.withdraw(keepPlace);
  }

  /** The owner moved, or does not answer: its next incarnation is asked. */
  private void unanswered(Acquisition asked) {
    synchronized (this) {
      if (stage != Stage.WAITING || current != asked || asked.outcome().isDone()) {
        return;
      }
    }
    if (left() > 0 && !ask.isRate()) {
      // Its end begins the next round.
      asked.supersede();
    } else {
      end(new StoreUnavailable("the owner of a limit was asked and is silent", null));
    }
  }

  private void ended(Acquisition asked, long askedAt, Outcome outcome, Throwable failure) {
    if (outcome instanceof Outcome.Acquired acquired) {
      acquired(acquired, askedAt);
      return;
    }
    synchronized (this) {
      if (asked != current) {
        return;
      }
      stopTimer();
    }
    if (failure != null && !(Failures.cause(failure) instanceof CancellationException)) {
      end(failure);
    } else if (waits && left() > 0) {
      round();
    } else {
      outOfTime();
    }
  }

  private void acquired(Outcome.Acquired acquired, long askedAt) {
    boolean complete = hasAll(acquired);
    Stage before;
    synchronized (this) {
      before = stage;
      if (stage == Stage.WAITING && complete) {
        stage = Stage.GRANTED;
        stopTimer();
      }
    }
    if (before == Stage.WAITING && complete) {
      result.complete(new Grant(acquired, askedAt));
    } else if (before != Stage.GRANTED || ask.isRate()) {
      giveBack(acquired).whenComplete((done, failed) -> afterGivingBack(before, acquired));
    }
  }

  private boolean hasAll(Outcome.Acquired acquired) {
    return missing(acquired).isEmpty();
  }

  private List<String> missing(Outcome.Acquired acquired) {
    var found = new HashSet<String>();
    acquired.limits().forEach(limit -> found.add(limit.name()));
    return ask.limits().stream().filter(name -> !found.contains(name)).toList();
  }

  /** A limit that this node remembered may have been deleted and made anew: it looks once more. */
  private void afterGivingBack(Stage before, Outcome.Acquired acquired) {
    if (before != Stage.WAITING) {
      gone.complete(null);
    } else if (looked) {
      end(new SluiceException.NoSuchLimit(missing(acquired).get(0)));
    } else {
      looked = true;
      start();
    }
  }

  private CompletableFuture<?> giveBack(Outcome.Acquired acquired) {
    if (acquired.held().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    if (!ask.isRate()) {
      return limits.release(acquired.held().get(0).leaseId());
    }
    var names =
        acquired.limits().stream()
            .filter(limit -> acquired.leaseOf(limit.id()).isPresent())
            .map(LimitReply.Face::name)
            .toList();
    return limits.giveBack(names, ask.request().slots(), null);
  }

  // ---- the end ----

  private void outOfTime() {
    if (toEnd()) {
      result.complete(null);
    }
    gone.complete(null);
  }

  private void end(Throwable failure) {
    if (toEnd()) {
      result.completeExceptionally(failure);
    }
    gone.complete(null);
  }

  private synchronized boolean toEnd() {
    boolean first = stage == Stage.WAITING;
    if (first) {
      stage = Stage.ENDED;
      stopTimer();
    }
    return first;
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private long left() {
    return deadline - System.nanoTime();
  }
}

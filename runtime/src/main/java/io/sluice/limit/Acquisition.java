package io.sluice.limit;

import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.limit.LimitReply.Busy;
import io.sluice.limit.LimitReply.Face;
import io.sluice.limit.LimitReply.Granted;
import io.sluice.limit.LimitReply.Offered;
import io.sluice.limit.LimitReply.Skipped;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One request for slots of several limits, all or none.
 *
 * <p>It asks all owners for an offer at once. If all offer, it confirms all. If one has no room, it
 * declines the others' offers and waits with that one, holding nothing; when that one offers, it
 * asks the others again. So nothing is held while something is waited for, and no set of limits can
 * deadlock. Offers yield to older askers, so of two that want each other's offer the older wins.
 *
 * <p>With a single limit it asks for the grant outright.
 */
public final class Acquisition {
  /** How often offers may be lost to older askers before the request gives up for now. */
  private static final int ROUNDS_MAX = 100;

  private static final Duration PARKED_MAX = Duration.ofSeconds(50);

  private final LimitOwners owners;
  private final SlotRequest request;
  private final IfBusy ifBusy;
  private final Map<UUID, Face> faces = new LinkedHashMap<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private List<UUID> limits;
  private UUID leaseId;
  private UUID parkedAt;
  private boolean ended;
  private boolean gone;
  private int rounds;

  Acquisition(
      LimitOwners owners, List<UUID> limits, SlotRequest request, UUID leaseId, IfBusy ifBusy) {
    this.owners = owners;
    this.limits = limits;
    this.request = request;
    this.leaseId = leaseId;
    this.ifBusy = ifBusy;
  }

  /** The id of the lease, also the name of the request while it waits. */
  public UUID leaseId() {
    return leaseId;
  }

  /** Fails with {@link Refused}. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /**
   * Ends a wait: the outcome becomes {@link Outcome.Waits} unless it was acquired first.
   *
   * @param keepPlace how long its age counts if it asks again with the same lease id; null: the
   *     asker is gone, and what it acquired in the same moment is given back
   */
  public synchronized void withdraw(Duration keepPlace) {
    ended = true;
    gone |= keepPlace == null;
    if (parkedAt != null) {
      owners.ask(parkedAt, new LimitCommand.Withdraw(leaseId, keepPlace));
    }
  }

  Acquisition start() {
    if (limits.isEmpty()) {
      outcome.complete(new Outcome.Acquired(leaseId, List.of(), 0));
    } else if (limits.size() == 1) {
      single();
    } else {
      askAll(limits);
    }
    return this;
  }

  // ---- one limit ----

  private void single() {
    var limit = limits.get(0);
    ask(limit, ifBusy, Style.GRANT)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (failure != null) {
                outcome.completeExceptionally(failure);
              } else if (reply instanceof Granted granted) {
                faces.put(limit, granted.limit());
                acquired(granted.token(), limits);
              } else if (reply instanceof Skipped skipped) {
                faces.put(limit, skipped.limit());
                nothingHeld();
              } else if (reply instanceof Busy busy) {
                outcome.complete(new Outcome.Waits(leaseId, busy));
              } else if (reply instanceof LimitReply.Refused refused) {
                outcome.completeExceptionally(new Refused(refused.why()));
              } else {
                nothingHeld();
              }
            });
  }

  private void nothingHeld() {
    leaseId = OwnerKey.leaseOfNothing(leaseId);
    acquired(0, List.of());
  }

  // ---- several ----

  private void askAll(List<UUID> wanted) {
    var replies = new HashMap<UUID, LimitReply>();
    var asks = new ArrayList<CompletableFuture<Void>>();
    for (var limit : wanted) {
      asks.add(
          ask(limit, IfBusy.FORGET, Style.OFFER)
              .thenAccept(
                  reply -> {
                    synchronized (replies) {
                      replies.put(limit, reply);
                    }
                  }));
    }
    CompletableFuture.allOf(asks.toArray(CompletableFuture[]::new))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                decline(limits);
                outcome.completeExceptionally(failure);
              } else {
                weigh(replies);
              }
            });
  }

  private void weigh(Map<UUID, LimitReply> replies) {
    var refusal = refusal(replies);
    if (refusal != null) {
      decline(limits);
      outcome.completeExceptionally(new Refused(refusal));
      return;
    }
    var before = limits;
    replies.forEach(this::note);
    if (limits.size() < before.size()) {
      decline(before);
      askRemaining();
      return;
    }
    var busy = limits.stream().filter(limit -> replies.get(limit) instanceof Busy).findFirst();
    if (busy.isPresent()) {
      decline(limits.stream().filter(limit -> !limit.equals(busy.get())).toList());
      waitAt(busy.get(), (Busy) replies.get(busy.get()));
    } else {
      confirm();
    }
  }

  /** Some limits hold nobody back: the lease belongs to the first of the others. */
  private void askRemaining() {
    if (limits.isEmpty()) {
      nothingHeld();
    } else {
      leaseId = OwnerKey.leaseOf(limits.get(0), leaseId);
      askAll(limits);
    }
  }

  private void note(UUID limit, LimitReply reply) {
    if (reply instanceof Offered offered) {
      faces.put(limit, offered.limit());
    } else if (reply instanceof Skipped skipped) {
      faces.put(limit, skipped.limit());
      limits = without(limit);
    } else if (reply instanceof LimitReply.NoSuchLimit) {
      limits = without(limit);
    }
  }

  private List<UUID> without(UUID limit) {
    return limits.stream().filter(other -> !other.equals(limit)).toList();
  }

  /** The gravest refusal: too many slots before a missing decay, of which all are named. */
  private static Rejection refusal(Map<UUID, LimitReply> replies) {
    var withoutDecay = new ArrayList<String>();
    Rejection other = null;
    for (var reply : replies.values()) {
      if (reply instanceof LimitReply.Refused refused) {
        if (refused.why() instanceof Rejection.MoreThanLimit) {
          return refused.why();
        } else if (refused.why() instanceof Rejection.RateNeedsDecay decay) {
          withoutDecay.addAll(decay.limits());
        } else {
          other = refused.why();
        }
      }
    }
    return withoutDecay.isEmpty() ? other : new Rejection.RateNeedsDecay(withoutDecay);
  }

  private void waitAt(UUID limit, Busy busy) {
    if (ifBusy == IfBusy.FORGET || ++rounds > ROUNDS_MAX || isEnded()) {
      outcome.complete(new Outcome.Waits(leaseId, busy));
      return;
    }
    ask(limit, ifBusy, Style.OFFER)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (failure != null) {
                outcome.completeExceptionally(failure);
              } else if (reply instanceof Busy still) {
                outcome.complete(new Outcome.Waits(leaseId, still));
              } else if (reply instanceof LimitReply.Refused refused) {
                outcome.completeExceptionally(new Refused(refused.why()));
              } else {
                note(limit, reply);
                askAll(limits);
              }
            });
  }

  private void confirm() {
    var confirms =
        limits.stream().map(limit -> owners.ask(limit, new LimitCommand.Confirm(leaseId))).toList();
    CompletableFuture.allOf(confirms.toArray(CompletableFuture[]::new))
        .whenComplete((done, failure) -> confirmed(confirms));
  }

  private void confirmed(List<CompletableFuture<LimitReply>> confirms) {
    var granted = new ArrayList<UUID>();
    long token = 0;
    boolean unknown = false;
    for (int i = 0; i < limits.size(); i++) {
      var confirm = confirms.get(i);
      unknown |= confirm.isCompletedExceptionally();
      if (!confirm.isCompletedExceptionally() && confirm.join() instanceof Granted grant) {
        granted.add(limits.get(i));
        token = i == 0 ? grant.token() : token;
      }
    }
    if (granted.size() == limits.size()) {
      acquired(token, granted);
      return;
    }
    giveBack(granted);
    if (unknown || ++rounds > ROUNDS_MAX) {
      outcome.completeExceptionally(
          new StoreUnavailable("Not all limits of the request answered; nothing is held", null));
    } else {
      askAll(limits);
    }
  }

  private CompletableFuture<LimitReply> ask(UUID limit, IfBusy ifBusy, Style style) {
    if (ifBusy == IfBusy.PARK) {
      park(limit);
    }
    var home = limit.equals(limits.get(0));
    var companions = home ? limits.subList(1, limits.size()) : List.<UUID>of();
    var acquire = request.ask(leaseId, companions, ifBusy, style);
    return ifBusy == IfBusy.PARK
        ? owners.ask(limit, acquire, PARKED_MAX)
        : owners.ask(limit, acquire);
  }

  private synchronized void park(UUID limit) {
    parkedAt = limit;
  }

  private synchronized void unpark() {
    parkedAt = null;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private synchronized boolean isGone() {
    return gone;
  }

  private void acquired(long token, List<UUID> granted) {
    if (isGone()) {
      giveBack(granted);
    }
    outcome.complete(new Outcome.Acquired(leaseId, List.copyOf(faces.values()), token));
  }

  private void giveBack(List<UUID> granted) {
    for (var limit : granted) {
      owners.ask(
          limit,
          request.loose()
              ? new LimitCommand.GiveBack(request.slots(), null)
              : new LimitCommand.Release(leaseId));
    }
  }

  private void decline(List<UUID> offered) {
    offered.forEach(limit -> owners.ask(limit, new LimitCommand.Decline(leaseId)));
  }
}

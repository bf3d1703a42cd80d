package io.sluice.limit;

import io.sluice.cluster.Together;
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
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One request for slots of several limits, all or none.
 *
 * <p>It asks all owners for an offer at once. If all offer, it confirms all. If one has no room, it
 * declines the others' offers and waits with that one, holding nothing; when that one offers, it
 * asks the others again. So nothing is held while something is waited for, and no set of limits can
 * deadlock. Offers yield to older askers, so of two that want each other's offer the older wins.
 *
 * <p>With a single limit it asks for the grant outright. What an earlier attempt under the same
 * lease ids left granted counts as granted, and is given back before anything is waited for.
 */
public final class Acquisition {
  /** How often offers may be lost to older askers before the request gives up for now. */
  private static final int ROUNDS_MAX = 100;

  private static final Duration PARKED_MAX = Duration.ofSeconds(58);

  private final LimitOwners owners;
  private final SlotRequest request;
  private final IfBusy ifBusy;
  private final Function<List<UUID>, List<Claim>> claimsOf;
  private final Meant meant;
  private final Map<UUID, Face> faces = new LinkedHashMap<>();
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private List<Claim> claims;
  private Claim parkedAt;
  private boolean ended;
  private boolean gone;
  private int rounds;

  /**
   * @param claimsOf what is claimed of those limits that hold somebody back; asked again when some
   *     turn out not to
   */
  Acquisition(
      LimitOwners owners,
      Meant meant,
      List<UUID> limits,
      Function<List<UUID>, List<Claim>> claimsOf,
      SlotRequest request,
      IfBusy ifBusy) {
    this.owners = owners;
    this.meant = meant;
    this.claimsOf = claimsOf;
    this.claims = claimsOf.apply(limits);
    this.request = request;
    this.ifBusy = ifBusy;
  }

  /** Fails with {@link Refused}. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /**
   * Ends a wait: the outcome becomes {@link Outcome.Waits} unless it was acquired first.
   *
   * @param keepPlace how long its age counts if it asks again with the same lease id; null: the
   *     asker is gone, and what it would acquire from now on is given back. The outcome says which:
   *     it fails with {@link CancellationException} then, and {@link Outcome.Acquired} means that
   *     the slots are held all the same
   */
  public synchronized void withdraw(Duration keepPlace) {
    ended = true;
    gone |= keepPlace == null;
    if (parkedAt != null) {
      var command = new LimitCommand.Withdraw(parkedAt.leaseId(), keepPlace);
      owners.ask(parkedAt.limit(), command);
    }
  }

  Acquisition start() {
    if (claims.isEmpty()) {
      acquired(Map.of(), List.of());
    } else if (claims.size() == 1) {
      single(claims.get(0));
    } else {
      askAll();
    }
    return this;
  }

  // ---- one limit ----

  private void single(Claim claim) {
    ask(claim, ifBusy, Style.GRANT)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (failure != null) {
                outcome.completeExceptionally(failure);
              } else {
                single(claim, reply);
              }
            });
  }

  private void single(Claim claim, LimitReply reply) {
    if (meant.isStale(claim.limit(), reply)) {
      if (reply instanceof Granted) {
        giveBack(List.of(claim));
      }
      correct(Map.of(claim.limit(), reply));
    } else if (reply instanceof Granted granted) {
      faces.put(claim.limit(), granted.limit());
      acquired(Map.of(claim.limit(), granted.token()), claims);
    } else if (reply instanceof Busy busy) {
      outcome.complete(new Outcome.Waits(claim, busy));
    } else if (reply instanceof LimitReply.Refused refused) {
      outcome.completeExceptionally(new Refused(refused.why()));
    } else {
      noteUnlimited(claim, reply);
      acquired(Map.of(), List.of());
    }
  }

  private void noteUnlimited(Claim claim, LimitReply reply) {
    if (reply instanceof Skipped skipped) {
      faces.put(claim.limit(), skipped.limit());
    }
    claims = claimsOf.apply(limits().stream().filter(l -> !l.equals(claim.limit())).toList());
  }

  /**
   * Looks up again what the request means by limits that turned out to be others, and begins anew.
   */
  private void correct(Map<UUID, LimitReply> stale) {
    var others = new ArrayList<>(limits());
    others.removeAll(stale.keySet());
    var found = new ArrayList<CompletableFuture<List<UUID>>>();
    stale.forEach((limit, reply) -> found.add(meant.instead(limit, reply)));
    Together.all(found)
        .whenComplete(
            (instead, failure) -> {
              if (failure != null) {
                outcome.completeExceptionally(failure);
                return;
              }
              instead.forEach(others::addAll);
              claims = claimsOf.apply(others.stream().distinct().sorted().toList());
              start();
            });
  }

  private List<UUID> limits() {
    return claims.stream().map(Claim::limit).toList();
  }

  // ---- several ----

  private void askAll() {
    var replies = new HashMap<UUID, LimitReply>();
    var asks = new ArrayList<CompletableFuture<Void>>();
    for (var claim : claims) {
      asks.add(
          ask(claim, IfBusy.FORGET, Style.OFFER)
              .thenAccept(
                  reply -> {
                    synchronized (replies) {
                      replies.put(claim.limit(), reply);
                    }
                  }));
    }
    Together.done(asks)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                decline(claims);
                outcome.completeExceptionally(failure);
              } else {
                weigh(replies);
              }
            });
  }

  private void weigh(Map<UUID, LimitReply> replies) {
    var held = held(replies);
    var stale = new HashMap<>(replies);
    stale.entrySet().removeIf(reply -> !meant.isStale(reply.getKey(), reply.getValue()));
    if (!stale.isEmpty()) {
      decline(claims);
      correct(stale);
      return;
    }
    var refusal = refusal(replies);
    if (refusal != null) {
      decline(claims);
      giveBack(held);
      outcome.completeExceptionally(new Refused(refusal));
      return;
    }
    var unlimited = claims.stream().filter(c -> isUnlimited(replies.get(c.limit()))).toList();
    if (!unlimited.isEmpty()) {
      decline(claims);
      unlimited.forEach(claim -> noteUnlimited(claim, replies.get(claim.limit())));
      start();
      return;
    }
    for (var claim : claims) {
      if (replies.get(claim.limit()) instanceof Busy busy) {
        decline(claims.stream().filter(other -> other != claim).toList());
        giveBack(held);
        waitAt(claim, busy);
        return;
      }
      faces.put(claim.limit(), face(replies.get(claim.limit())));
    }
    confirm(replies);
  }

  /** An earlier attempt got so far and was cut off, or its answer was lost: that counts now. */
  private List<Claim> held(Map<UUID, LimitReply> replies) {
    return claims.stream().filter(c -> replies.get(c.limit()) instanceof Granted).toList();
  }

  private static Face face(LimitReply reply) {
    return reply instanceof Granted granted ? granted.limit() : ((Offered) reply).limit();
  }

  private static boolean isUnlimited(LimitReply reply) {
    return reply instanceof Skipped || reply instanceof LimitReply.NoSuchLimit;
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

  private void waitAt(Claim claim, Busy busy) {
    if (ifBusy == IfBusy.FORGET || ++rounds > ROUNDS_MAX || isEnded()) {
      outcome.complete(new Outcome.Waits(claim, busy));
      return;
    }
    ask(claim, ifBusy, Style.OFFER)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (failure != null) {
                outcome.completeExceptionally(failure);
              } else if (reply instanceof Busy still) {
                outcome.complete(new Outcome.Waits(claim, still));
              } else if (reply instanceof LimitReply.Refused refused) {
                outcome.completeExceptionally(new Refused(refused.why()));
              } else {
                askAll();
              }
            });
  }

  private void confirm(Map<UUID, LimitReply> replies) {
    var confirms = claims.stream().map(c -> confirm(c, replies.get(c.limit()))).toList();
    Together.done(confirms).whenComplete((done, failure) -> confirmed(confirms));
  }

  private CompletableFuture<LimitReply> confirm(Claim claim, LimitReply reply) {
    return reply instanceof Granted
        ? CompletableFuture.completedFuture(reply)
        : owners.ask(claim.limit(), new LimitCommand.Confirm(claim.leaseId()));
  }

  private void confirmed(List<CompletableFuture<LimitReply>> confirms) {
    var granted = new ArrayList<Claim>();
    var tokens = new HashMap<UUID, Long>();
    boolean unknown = false;
    for (int i = 0; i < claims.size(); i++) {
      var confirm = confirms.get(i);
      unknown |= confirm.isCompletedExceptionally();
      if (!confirm.isCompletedExceptionally() && confirm.join() instanceof Granted grant) {
        granted.add(claims.get(i));
        tokens.put(claims.get(i).limit(), grant.token());
      }
    }
    if (granted.size() == claims.size()) {
      acquired(tokens, granted);
      return;
    }
    giveBack(granted);
    if (unknown || ++rounds > ROUNDS_MAX) {
      outcome.completeExceptionally(
          new StoreUnavailable("Not all limits of the request answered; nothing is held", null));
    } else {
      askAll();
    }
  }

  // ---- asking ----

  private CompletableFuture<LimitReply> ask(Claim claim, IfBusy ifBusy, Style style) {
    var acquire = request.ask(claim, ifBusy, style);
    if (ifBusy != IfBusy.PARK) {
      return owners.ask(claim.limit(), acquire);
    }
    park(claim);
    return owners.ask(claim.limit(), acquire, PARKED_MAX);
  }

  private synchronized void park(Claim claim) {
    parkedAt = claim;
  }

  private synchronized void unpark() {
    parkedAt = null;
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private void acquired(Map<UUID, Long> tokens, List<Claim> granted) {
    if (settle()) {
      outcome.complete(new Outcome.Acquired(granted, List.copyOf(faces.values()), tokens));
    } else {
      giveBack(granted);
      outcome.completeExceptionally(
          new CancellationException("the asker was gone; what was granted is given back"));
    }
  }

  /** Whether the asker is still there; from then on what was acquired is its own to give back. */
  private synchronized boolean settle() {
    return !gone;
  }

  private void giveBack(List<Claim> granted) {
    for (var claim : granted) {
      owners.ask(
          claim.limit(),
          claim.hold() instanceof LimitCommand.Hold.Loose
              ? new LimitCommand.GiveBack(request.slots(), null)
              : new LimitCommand.Release(claim.leaseId()));
    }
  }

  private void decline(List<Claim> offered) {
    offered.forEach(c -> owners.ask(c.limit(), new LimitCommand.Decline(c.leaseId())));
  }
}

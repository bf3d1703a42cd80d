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
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
 * <p>With a single limit it asks for the grant outright, and confirms it if it had to wait. What an
 * earlier attempt under the same lease ids left granted counts as granted, and is given back before
 * anything is waited for.
 */
public final class Acquisition {
  /** How often offers may be lost to older askers before the request gives up for now. */
  private static final int ROUNDS_MAX = 100;

  private static final Duration PARKED_MAX = Duration.ofSeconds(58);

  private final LimitAsks owners;
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
  private boolean superseded;
  private CompletableFuture<Void> givingBack = CompletableFuture.completedFuture(null);
  private int rounds;

  /**
   * @param claimsOf what is claimed of those limits that hold somebody back; asked again when some
   *     turn out not to
   */
  Acquisition(
      LimitAsks owners,
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
      var withdrawn = owners.takeBack(parkedAt.limit(), command).handle((reply, failure) -> null);
      if (keepPlace == null) {
        // It ends what is granted under the lease: nobody may ask for that before it has arrived.
        givingBack = givingBack.thenCombine(withdrawn, (back, too) -> null);
      }
    }
  }

  /**
   * Another request under the same lease ids is to follow, because this one is answered by nobody.
   * This one gives nothing back from now on that the other may count as its own. Its outcome fails
   * with {@link CancellationException} unless it has ended; before that the other must not begin,
   * as something may be on its way back.
   */
  public void supersede() {
    CompletableFuture<Void> last;
    synchronized (this) {
      superseded = true;
      last = givingBack;
    }
    last.thenRun(
        () ->
            outcome.completeExceptionally(
                new CancellationException("another request takes its place")));
  }

  private synchronized boolean isWanted() {
    return !superseded && !gone;
  }

  private synchronized boolean isSuperseded() {
    return superseded;
  }

  Acquisition start() {
    if (isSuperseded()) {
      return this;
    }
    if (claims.isEmpty()) {
      acquired(Map.of(), Map.of());
    } else if (claims.size() == 1) {
      single(claims.get(0));
    } else {
      askAll();
    }
    return this;
  }

  // ---- one limit ----

  private void single(Claim claim) {
    single(claim, ifBusy);
  }

  private void single(Claim claim, IfBusy ifBusy) {
    ask(claim, ifBusy, mayBeTakenBack(claim) ? Style.HAND_OVER : Style.GRANT)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (isSuperseded()) {
                return;
              }
              if (failure != null) {
                outcome.completeExceptionally(failure);
              } else {
                single(claim, reply);
              }
            });
  }

  private void single(Claim claim, LimitReply reply) {
    if (meant.isStale(claim.limit(), reply)) {
      if (reply instanceof Offered) {
        decline(List.of(claim));
      }
      giveBack(Replies.granted(List.of(claim), Map.of(claim.limit(), reply)))
          .thenRun(() -> correct(Map.of(claim.limit(), reply), Map.of()));
    } else if (reply instanceof Granted granted) {
      faces.put(claim.limit(), granted.limit());
      acquired(Map.of(claim.limit(), granted.token()), Map.of(claim, granted.token()));
    } else if (reply instanceof Offered) {
      confirmSingle(claim);
    } else if (reply instanceof Busy busy) {
      outcome.complete(new Outcome.Waits(claim, busy));
    } else if (reply instanceof LimitReply.Refused refused) {
      outcome.completeExceptionally(new Refused(refused.why()));
    } else {
      noteUnlimited(claim, reply);
      acquired(Map.of(), Map.of());
    }
  }

  private static boolean mayBeTakenBack(Claim claim) {
    return claim.hold() instanceof LimitCommand.Hold.Leased;
  }

  /** What came after a wait is its own once the owner knows that it is still there. */
  private void confirmSingle(Claim claim) {
    owners
        .ask(claim.limit(), new LimitCommand.Confirm(claim.leaseId()))
        .whenComplete(
            (reply, failure) -> {
              if (isSuperseded()) {
                return;
              }
              if (reply instanceof Granted) {
                single(claim, reply);
              } else if (failure == null && ++rounds <= ROUNDS_MAX) {
                single(claim, ifBusyStill());
              } else {
                giveBack(Collections.singletonMap(claim, null))
                    .thenRun(() -> outcome.completeExceptionally(notAllAnswered()));
              }
            });
  }

  /** It came too late and asks again; whoever has ended its wait waits no more. */
  private synchronized IfBusy ifBusyStill() {
    if (gone) {
      return IfBusy.FORGET;
    }
    return ended ? IfBusy.KEEP_PLACE : ifBusy;
  }

  private static StoreUnavailable notAllAnswered() {
    return new StoreUnavailable("Not all limits of the request answered; nothing is held", null);
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
  private void correct(Map<UUID, LimitReply> stale, Map<Claim, Long> held) {
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
              startAnew(held);
            });
  }

  /**
   * Asks for what is claimed now. What an earlier attempt {@code held} under a lease that is named
   * after a limit that is gone would be known to nobody: it is given back before.
   */
  private void startAnew(Map<Claim, Long> held) {
    var unclaimed = new LinkedHashMap<>(held);
    claims.forEach(claim -> unclaimed.keySet().removeIf(claim::isOfSameLeaseAs));
    giveBack(unclaimed).thenRun(this::start);
  }

  private List<UUID> limits() {
    return claims.stream().map(Claim::limit).toList();
  }

  // ---- several ----

  private void askAll() {
    if (isSuperseded()) {
      return;
    }
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
              if (isSuperseded()) {
                return;
              }
              if (failure != null) {
                decline(claims);
                outcome.completeExceptionally(failure);
              } else {
                weigh(replies);
              }
            });
  }

  private void weigh(Map<UUID, LimitReply> replies) {
    // An earlier attempt got so far and was cut off, or its answer was lost: that counts now.
    var held = Replies.granted(claims, replies);
    var stale = new HashMap<>(replies);
    stale.entrySet().removeIf(reply -> !meant.isStale(reply.getKey(), reply.getValue()));
    if (!stale.isEmpty()) {
      decline(claims);
      correct(stale, held);
      return;
    }
    var refusal = Replies.refusal(replies);
    if (refusal != null) {
      decline(claims);
      giveBack(held).thenRun(() -> outcome.completeExceptionally(new Refused(refusal)));
      return;
    }
    var unlimited =
        claims.stream().filter(c -> Replies.isUnlimited(replies.get(c.limit()))).toList();
    if (!unlimited.isEmpty()) {
      decline(claims);
      unlimited.forEach(claim -> noteUnlimited(claim, replies.get(claim.limit())));
      startAnew(held);
      return;
    }
    for (var claim : claims) {
      if (replies.get(claim.limit()) instanceof Busy busy) {
        decline(claims.stream().filter(other -> other != claim).toList());
        giveBack(held).thenRun(() -> waitAt(claim, busy));
        return;
      }
      faces.put(claim.limit(), Replies.face(replies.get(claim.limit())));
    }
    confirm(replies);
  }

  private void waitAt(Claim claim, Busy busy) {
    if (isSuperseded()) {
      return;
    }
    if (ifBusy == IfBusy.FORGET || ++rounds > ROUNDS_MAX || isEnded()) {
      outcome.complete(new Outcome.Waits(claim, busy));
      return;
    }
    ask(claim, ifBusy, Style.OFFER)
        .whenComplete(
            (reply, failure) -> {
              unpark();
              if (isSuperseded()) {
                return;
              }
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
    if (isSuperseded()) {
      return;
    }
    var replies = new HashMap<UUID, LimitReply>();
    for (int i = 0; i < claims.size(); i++) {
      if (!confirms.get(i).isCompletedExceptionally()) {
        replies.put(claims.get(i).limit(), confirms.get(i).join());
      }
    }
    var granted = Replies.granted(claims, replies);
    if (granted.size() == claims.size()) {
      acquired(Replies.tokens(granted), granted);
    } else if (replies.size() == claims.size() && ++rounds <= ROUNDS_MAX) {
      giveBack(granted).thenRun(this::askAll);
    } else {
      for (var claim : claims) {
        if (!replies.containsKey(claim.limit())) {
          granted.put(claim, null);
        }
      }
      giveBack(granted).thenRun(() -> outcome.completeExceptionally(notAllAnswered()));
    }
  }

  // ---- asking ----

  private CompletableFuture<LimitReply> ask(Claim claim, IfBusy ifBusy, Style style) {
    var acquire = request.ask(claim, ifBusy, style);
    if (ifBusy != IfBusy.PARK) {
      return owners.ask(claim.limit(), acquire, owners.answerWithin(), this::isWanted);
    }
    park(claim);
    return owners.ask(claim.limit(), acquire, PARKED_MAX, this::isWanted);
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

  private void acquired(Map<UUID, Long> tokens, Map<Claim, Long> granted) {
    if (settle()) {
      outcome.complete(
          new Outcome.Acquired(List.copyOf(granted.keySet()), List.copyOf(faces.values()), tokens));
    } else {
      giveBack(granted)
          .thenRun(
              () ->
                  outcome.completeExceptionally(
                      new CancellationException(
                          "the asker was gone; what was granted is given back")));
    }
  }

  /** Whether the asker is still there; from then on what was acquired is its own to give back. */
  private synchronized boolean settle() {
    return !gone;
  }

  /**
   * Completes when every owner has answered or was silent too long. Nothing else may be asked of
   * them under the same lease before: it could be answered by what is being given back.
   *
   * @param granted with the token of each grant, null where nobody knows whether there is one
   */
  private CompletableFuture<Void> giveBack(Map<Claim, Long> granted) {
    var answers = new ArrayList<CompletableFuture<LimitReply>>();
    granted.forEach((claim, token) -> answers.add(giveBack(claim, token)));
    CompletableFuture<Void> all = Together.done(answers).exceptionally(silent -> null);
    synchronized (this) {
      givingBack = givingBack.thenCombine(all, (back, too) -> null);
    }
    return all;
  }

  private CompletableFuture<LimitReply> giveBack(Claim claim, Long token) {
    if (claim.hold() instanceof LimitCommand.Hold.Leased) {
      return owners.takeBack(claim.limit(), new LimitCommand.Release(claim.leaseId(), token));
    }
    return token == null
        ? CompletableFuture.completedFuture(LimitReply.Done.DONE)
        : owners.ask(claim.limit(), new LimitCommand.GiveBack(request.slots(), null));
  }

  private void decline(List<Claim> offered) {
    offered.forEach(c -> owners.ask(c.limit(), new LimitCommand.Decline(c.leaseId())));
  }
}

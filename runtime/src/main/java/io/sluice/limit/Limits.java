package io.sluice.limit;

import io.sluice.cluster.Together;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.Done;
import io.sluice.limit.LimitReply.NoSuchLimit;
import io.sluice.limit.LimitReply.View;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.store.Store;
import io.sluice.store.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * All concurrency limits, wherever their owners are. Futures fail with {@link Refused} when a rule
 * turns the request down, and with {@link StoreUnavailable} when the store or an owner does not
 * answer; then repeating the call with the same ids is safe.
 */
public final class Limits {
  private final LimitDirectory directory;
  private final LimitOwners owners;
  private final LeaseCalls leases;
  private final NamedLimits named;
  private final InstantSource clock;

  /**
   * @param named told of each change of a named limit once it is made
   * @param meters a meter for each owner of a limit that comes into memory on this node
   */
  public Limits(
      ActorSystem<?> system,
      Store store,
      NamedLimits named,
      InstantSource clock,
      Supplier<LimitMeter> meters) {
    this.directory = new LimitDirectory(store);
    this.owners = new LimitOwners(system, clock, meters);
    this.leases = new LeaseCalls(owners);
    system.systemActorOf(
        LimitSweeper.create(directory, owners), "sluice-limit-sweeper", Props.empty());
    this.named = named;
    this.clock = clock;
  }

  // ---- named limits ----

  /**
   * Creates a limit. A name that was taken by a node that died before the limit came into being is
   * free.
   *
   * @param activeSlots slots that count as taken from the start, 0 or more
   * @return refused with {@link Rejection.LimitNameTaken} if the name exists
   */
  public CompletableFuture<View> create(LimitSettings settings, int activeSlots) {
    return new NewLimit(directory, owners, settings, activeSlots)
        .create(clock.instant())
        .thenCompose(this::get)
        .thenApply(
            made -> {
              named.changed(made.id(), null, made.settings());
              return made;
            });
  }

  /** The present state; refused with {@link Rejection.LimitNotFound}. */
  public CompletableFuture<View> get(UUID id) {
    return owners.ask(id, new LimitCommand.Get()).thenApply(reply -> view(id, reply));
  }

  static View view(UUID id, LimitReply reply) {
    if (reply instanceof View view && view.id().equals(id)) {
      return view;
    }
    throw new Refused(new Rejection.LimitNotFound(id.toString()));
  }

  /**
   * Whether the lease that was granted with {@code token} still holds its slots: true of some
   * moment since this was asked, whatever becomes of it later. Never answered by what an owner
   * believes that has lost its place without knowing: that fails with {@link StoreUnavailable}.
   *
   * @return refused with {@link Rejection.LimitNotFound}
   */
  public CompletableFuture<Fencing> fencing(UUID id, long token) {
    return directory
        .written(id)
        .thenCompose(written -> owners.fencing(id, token, written))
        .thenApply(
            fencing -> {
              if (!id.equals(fencing.limit())) {
                throw new Refused(new Rejection.LimitNotFound(id.toString()));
              }
              return fencing;
            });
  }

  /** The id of the limit named {@code name}. */
  public CompletableFuture<Optional<UUID>> idOf(String name) {
    return directory.find(name);
  }

  /** The id of the limit named {@code name} as the store has it, whatever was remembered. */
  public CompletableFuture<Optional<UUID>> lookUp(String name) {
    directory.forget(List.of(name));
    return directory.find(name);
  }

  /** The present state of the limit named {@code name}. */
  public CompletableFuture<View> get(String name) {
    return present(name)
        .thenApply(view -> view.orElseThrow(() -> new Refused(new Rejection.LimitNotFound(name))));
  }

  /** Looks the name up again if what was remembered of it is over. */
  private CompletableFuture<Optional<View>> present(String name) {
    return remembered(name)
        .thenCompose(
            view -> {
              if (view.filter(v -> v.settings().name().equals(name)).isPresent()) {
                return CompletableFuture.completedFuture(view);
              }
              directory.forget(List.of(name));
              return remembered(name);
            });
  }

  private CompletableFuture<Optional<View>> remembered(String name) {
    return directory
        .find(name)
        .thenCompose(
            id ->
                id.map(limit -> owners.ask(limit, new LimitCommand.Get()))
                    .orElseGet(() -> CompletableFuture.completedFuture(new NoSuchLimit())))
        .thenApply(
            reply -> reply instanceof View view ? Optional.of(view) : Optional.<View>empty());
  }

  /**
   * Changes a limit. Of changes at the same time none undoes another; refused if {@value
   * LimitChange#OVERTAKEN_MAX} others came first.
   *
   * @param change of the settings; called again if somebody else changed them meanwhile
   * @param activeSlots how many slots are taken from now on, null to leave them; see {@link
   *     LimitCommand.Configure}
   */
  public CompletableFuture<Void> change(
      UUID id, UnaryOperator<LimitSettings> change, Integer activeSlots) {
    return new LimitChange(
            id,
            change,
            activeSlots,
            command -> owners.ask(id, command),
            (before, after) -> directory.rename(id, before, after))
        .make()
        .thenAccept(made -> named.changed(id, made.before(), made.after()));
  }

  /**
   * Deletes a limit; whoever waits for it goes on without it. Its leases hold nothing any more, and
   * are renewed and given back as before until they end (Prefect 3.8.8, whose leases are kept apart
   * from the limits).
   */
  public CompletableFuture<Void> delete(UUID id) {
    return delete(id, new LimitCommand.Delete());
  }

  /**
   * The same, but from then on leases cannot be renewed (Prefect 3.8.8,
   * server/api/concurrency_limits.py).
   */
  public CompletableFuture<Void> deleteWithLeases(UUID id) {
    return delete(id, new LimitCommand.DeleteWithLeases());
  }

  private CompletableFuture<Void> delete(UUID id, LimitCommand command) {
    return get(id)
        .thenCompose(
            limit ->
                directory
                    .remove(id, limit.settings().name())
                    .thenCompose(done -> owners.ask(id, command))
                    .thenAccept(
                        reply -> {
                          exists(id.toString(), reply);
                          named.changed(id, limit.settings(), null);
                        }));
  }

  /** Limits in the order of their names; {@code prefix} empty for all. */
  public CompletableFuture<List<View>> list(String prefix, int limit, int offset) {
    return directory
        .list(prefix, limit, offset)
        .thenCompose(
            ids -> {
              var views = ids.stream().map(id -> owners.ask(id, new LimitCommand.Get())).toList();
              return Together.all(views)
                  .thenApply(
                      all ->
                          all.stream()
                              .filter(View.class::isInstance)
                              .map(View.class::cast)
                              .toList());
            });
  }

  /**
   * Tells {@code listener} the figures of a limit now, and after each change until it is deleted.
   *
   * @param listener must return at once
   * @return ends the telling
   */
  public Runnable watch(UUID id, Consumer<LimitFigures> listener) {
    return owners.watch(id, listener);
  }

  // ---- slots ----

  /**
   * Asks for slots of all existing limits among {@code names}, under one lease; unknown names hold
   * nobody back.
   *
   * @param hold how each slot is held
   * @param again the lease id of an earlier, withdrawn request whose place in line is still kept,
   *     or null
   * @return the request, under way
   */
  public CompletableFuture<Acquisition> acquire(
      Collection<String> names,
      SlotRequest request,
      Duration lease,
      boolean loose,
      UUID again,
      IfBusy ifBusy) {
    var random = again == null ? UUID.randomUUID() : again;
    return directory
        .find(names)
        .thenApply(
            ids ->
                new Acquisition(
                        owners,
                        Meant.byName(directory, ids),
                        ids.values().stream().distinct().sorted().toList(),
                        limits -> Claim.underOneLease(limits, random, loose, lease),
                        request,
                        ifBusy)
                    .start());
  }

  /** Asks for what {@code claims} say, all or none; no claims mean that nothing is needed. */
  public Acquisition acquire(List<Claim> claims, SlotRequest request, IfBusy ifBusy) {
    var sorted = claims.stream().sorted(Comparator.comparing(Claim::limit)).toList();
    return new Acquisition(
            owners,
            Meant.byId(),
            sorted.stream().map(Claim::limit).toList(),
            limits -> sorted.stream().filter(c -> limits.contains(c.limit())).toList(),
            request,
            ifBusy)
        .start();
  }

  /** Takes a slot beyond the limit's size if need be. */
  public CompletableFuture<Void> force(Claim claim, SlotRequest request) {
    var ask = request.ask(claim, IfBusy.FORGET, LimitCommand.Style.FORCE);
    return owners.ask(claim.limit(), ask).thenApply(reply -> null);
  }

  /** Gives a lease back on all its limits; without effect if it is gone already. */
  public CompletableFuture<Void> release(UUID leaseId) {
    return leases.release(leaseId);
  }

  /** Gives the lease back on one limit only. */
  public CompletableFuture<Void> release(UUID limitId, UUID leaseId) {
    return owners.ask(limitId, LimitCommand.Release.any(leaseId)).thenApply(reply -> null);
  }

  /** Starts the lease's time anew; refused with {@link Rejection.LeaseGone}. */
  public CompletableFuture<Void> renew(UUID leaseId, Duration duration) {
    return leases.renew(leaseId, duration);
  }

  /** Whether a lease has neither been given back nor ended, as its owner has it. */
  public CompletableFuture<Boolean> isHeld(UUID leaseId) {
    return owners.ask(leaseId, new LimitCommand.Find(leaseId)).thenApply(Done.class::isInstance);
  }

  /** Makes a lease last until it is released; it can no longer be renewed. */
  public CompletableFuture<Void> unbind(UUID leaseId) {
    return owners.ask(leaseId, new LimitCommand.Unbind(leaseId)).thenApply(reply -> null);
  }

  /**
   * Gives slots back without naming a lease.
   *
   * @param heldSeconds how long they were held together, null if unknown
   * @return the limits among {@code names} that exist
   */
  public CompletableFuture<List<View>> giveBack(
      Collection<String> names, int slots, Double heldSeconds) {
    var command = new LimitCommand.GiveBack(slots, heldSeconds);
    var views =
        names.stream()
            .distinct()
            .map(
                name ->
                    present(name)
                        .thenCompose(
                            view ->
                                view.isEmpty()
                                    ? CompletableFuture.completedFuture(view)
                                    : owners
                                        .ask(view.get().id(), command)
                                        .thenCompose(given -> present(name))))
            .toList();
    return Together.all(views).thenApply(all -> all.stream().flatMap(Optional::stream).toList());
  }

  // ---- limits that belong to something else ----

  /**
   * Creates or changes a limit that is not listed by name: the slots of a queue or pool.
   *
   * @param claims each gets its slot at once, beyond the limit if need be
   * @param holders of the claims, in their order
   */
  public CompletableFuture<Void> put(
      UUID id, LimitSettings settings, List<Claim> claims, List<Holder> holders, Instant now) {
    var adopted = new ArrayList<LimitCommand.Acquire>();
    for (int i = 0; i < claims.size(); i++) {
      adopted.add(
          SlotRequest.one(holders.get(i), now)
              .ask(claims.get(i), IfBusy.FORGET, LimitCommand.Style.FORCE));
    }
    return owners
        .ask(id, new LimitCommand.Create(id, settings, 0, adopted))
        .thenCompose(
            reply -> {
              if (reply instanceof Done) {
                return CompletableFuture.completedFuture(reply);
              }
              return Together.done(adopted.stream().map(ask -> owners.ask(id, ask)).toList())
                  .thenCompose(done -> owners.ask(id, new LimitCommand.Configure(settings, null)));
            })
        .thenApply(reply -> null);
  }

  /** How many more askers would have their turn soon; see {@link LimitCommand.Outlook}. */
  public CompletableFuture<LimitReply.Outlook> outlook(UUID id, Duration within, int atLeast) {
    return owners
        .ask(id, new LimitCommand.Outlook(within, atLeast))
        .thenApply(reply -> (LimitReply.Outlook) reply);
  }

  /** Removes a limit made by {@link #put}; without effect if there is none. */
  public CompletableFuture<Void> drop(UUID id) {
    return owners.ask(id, new LimitCommand.Delete()).thenApply(reply -> null);
  }

  /** Drops leases without an end that were granted before {@code before} and are not kept. */
  public CompletableFuture<Void> retain(UUID id, Collection<UUID> leases, Instant before) {
    return owners
        .ask(id, new LimitCommand.Retain(java.util.Set.copyOf(leases), before))
        .thenApply(reply -> null);
  }

  /** Revokes all leases and loose slots of a limit, then grants {@code instead}. */
  public CompletableFuture<Void> reset(UUID id, List<Holder> instead, Duration leaseFor) {
    var now = clock.instant();
    var grants =
        instead.stream()
            .map(
                holder ->
                    SlotRequest.one(holder, now)
                        .ask(
                            Claim.leased(id, OwnerKey.leaseOf(id, UUID.randomUUID()), leaseFor),
                            IfBusy.FORGET,
                            LimitCommand.Style.FORCE))
            .toList();
    return owners
        .ask(id, new LimitCommand.Reset(grants))
        .thenAccept(reply -> exists(id.toString(), reply));
  }

  static void exists(String limit, LimitReply reply) {
    if (reply instanceof NoSuchLimit) {
      throw new Refused(new Rejection.LimitNotFound(limit));
    }
  }
}

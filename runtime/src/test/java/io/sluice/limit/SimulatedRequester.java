package io.sluice.limit;

import io.sluice.history.SlotEntry.Kind;
import io.sluice.limit.SimulatedCaller.Asking;
import io.sluice.limit.SimulatedCaller.Wanted;
import io.sluice.limit.SimulatedCluster.Node;
import io.sluice.rejection.Refused;
import io.sluice.simulation.Machine;
import io.sluice.simulation.World;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;

/** Asks for slots, holds them, gives them back, again and again, until faults are over. */
final class SimulatedRequester {

  private enum Stage {
    RESTING,
    WAITING,
    HOLDING,
    LETTING_GO
  }

  private static final long CALL_WITHIN = 12 * World.SECOND;
  private static final long AGAIN_AFTER = World.SECOND;
  private static final int RELEASES_MAX = 6;

  private final SimulatedLimits limits;
  private final World world;
  private final RequesterType type;
  private final int number;
  private Machine home;
  private Node entry;
  private Stage stage = Stage.RESTING;
  private int episode;
  private int round;
  private SimulatedWish wish;
  private SimulatedWish held;
  private Asking asking;
  private Map<UUID, Long> tokens = Map.of();

  SimulatedRequester(SimulatedLimits limits, RequesterType type, int number) {
    this.limits = limits;
    this.world = limits.world();
    this.type = type;
    this.number = number;
    this.entry = world.pick(limits.cluster().nodes());
    this.home =
        type == RequesterType.HTTP ? new Machine(world, "client " + number, 0) : entry.machine;
    rest();
  }

  boolean isResting() {
    return stage == Stage.RESTING;
  }

  Machine home() {
    return home;
  }

  private SimulatedCaller caller() {
    return new SimulatedCaller(world, limits.network(), home);
  }

  private void rest() {
    episode++;
    stage = Stage.RESTING;
    int mine = episode;
    home.after(world.between(0, 15 * World.SECOND), () -> begin(mine));
  }

  private void begin(int mine) {
    if (mine != episode || limits.faults().areOver()) {
      return;
    }
    wish = SimulatedWish.any(world, limits.pick(), type == RequesterType.RUN, home.clock());
    stage = Stage.WAITING;
    rename();
    home.after(world.between(10 * World.SECOND, 200 * World.SECOND), () -> giveUp(mine));
    round();
  }

  // ---- waiting ----

  private void rename() {
    wish = wish.named(world.uuid());
    saw(Kind.ASKED, wish, 0);
  }

  private void round() {
    int mine = ++round;
    int during = episode;
    long sentAt = world.now();
    var asks = wish;
    long hold = world.between(World.SECOND, 25 * World.SECOND);
    asking =
        caller()
            .ask(
                entry,
                new Wanted(asks.limits(), asks::claims, asks.request(), asks.ifBusy(), hold),
                hold + 3 * World.SECOND);
    var asked = asking;
    world.say(() -> this + " asks as " + asks.name() + " for " + asks.shown());
    asked
        .outcome()
        .whenComplete(
            (outcome, failure) ->
                world.guard(
                    () -> {
                      if (outcome instanceof Outcome.Acquired acquired) {
                        acquired(during, asks, sentAt, acquired);
                      } else if (during == episode && mine == round && stage == Stage.WAITING) {
                        notYet(asked, outcome, failure);
                      }
                    }));
  }

  private void notYet(Asking asked, Outcome outcome, Throwable failure) {
    if (outcome instanceof Outcome.Waits waits) {
      world.happened(Sometimes.SENT_AWAY);
      long wait = waits.busy().estimate().toNanos() / 1_000;
      againAfter(wish.parks() ? 0 : Math.min(Math.max(wait, World.SECOND), 3 * World.SECOND));
      return;
    }
    world.say(() -> this + " gets no answer: " + failure);
    if (type == RequesterType.HTTP) {
      asked.hangUp().run();
      entry = world.pick(limits.cluster().nodes());
      rename();
      againAfter(0);
    } else if (type == RequesterType.RUN
        || SimulatedCaller.cause(failure) instanceof TimeoutException) {
      asked.supersede().apply(() -> againAfter(0)).run();
    } else {
      // As the library does when an owner is silent.
      rest();
    }
  }

  private void againAfter(long micros) {
    int mine = episode;
    home.after(
        micros,
        () -> {
          if (mine == episode && stage == Stage.WAITING) {
            world.happened(Sometimes.CAME_BACK_WITH_ITS_AGE);
            round();
          }
        });
  }

  private void giveUp(int mine) {
    if (mine != episode || stage != Stage.WAITING || limits.faults().areOver()) {
      return;
    }
    world.happened(Sometimes.GAVE_UP);
    world.say(() -> this + " gives up");
    asking.hangUp().run();
    if (type == RequesterType.RUN) {
      tokens = Map.of();
      held = wish;
      letGo();
    } else {
      rest();
    }
  }

  // ---- holding ----

  private void acquired(int during, SimulatedWish asked, long sentAt, Outcome.Acquired acquired) {
    if (during != episode || stage != Stage.WAITING || !asked.equals(wish)) {
      world.happened(Sometimes.GRANT_ANSWERED_TWICE);
      if (!(asked.equals(wish) && stage == Stage.HOLDING)) {
        giveBack(asked.of(acquired.held()), 0);
      }
      return;
    }
    world.say(() -> this + " holds " + acquired.tokens());
    held = wish.of(acquired.held());
    if (wish.limits().stream().anyMatch(l -> !held.limits().contains(l) && !limits.isDeleted(l))) {
      world.broken("all or none", "%s got %s of %s", this, acquired.held(), wish);
    }
    world.happened(
        acquired.held().size() > 1 ? Sometimes.GRANTED_SEVERAL_LIMITS : Sometimes.GRANTED);
    stage = Stage.HOLDING;
    tokens = new HashMap<>(acquired.tokens());
    saw(Kind.GRANTED, held, sentAt);
    work();
  }

  private void work() {
    int mine = episode;
    home.after(world.between(World.SECOND / 10, 25 * World.SECOND), () -> finish(mine));
    if (type != RequesterType.RUN) {
      renewAfter(mine, held.lastsMicros() / 3);
    }
  }

  private void renewAfter(int mine, long micros) {
    home.after(
        micros,
        () -> {
          if (mine == episode && stage == Stage.HOLDING) {
            renew(mine);
          }
        });
  }

  private void renew(int mine) {
    long sentAt = world.now();
    var through = entry;
    var lease = held;
    caller()
        .call(through, () -> lease.renew(through.asks), CALL_WITHIN)
        .whenComplete(
            (done, failure) ->
                world.guard(
                    () -> {
                      if (mine == episode && stage == Stage.HOLDING) {
                        renewed(mine, sentAt, failure);
                      }
                    }));
  }

  private void renewed(int mine, long sentAt, Throwable failure) {
    if (failure == null) {
      world.happened(Sometimes.RENEWED);
      if (held.limits().stream().anyMatch(limits::isDeleted)) {
        world.happened(Sometimes.RENEWED_OF_DELETED_LIMIT);
      }
      saw(Kind.RENEWED, held, sentAt);
      renewAfter(mine, held.lastsMicros() / 3);
    } else if (SimulatedCaller.cause(failure) instanceof Refused) {
      world.happened(Sometimes.LEASE_FOUND_GONE);
      world.say(() -> this + " is told that its lease is gone");
      saw(Kind.LEASE_GONE, held, sentAt);
      letGo();
    } else {
      anotherEntry();
      renewAfter(mine, AGAIN_AFTER);
    }
  }

  private void anotherEntry() {
    if (type == RequesterType.HTTP) {
      entry = world.pick(limits.cluster().nodes());
    }
  }

  private void finish(int mine) {
    if (mine != episode || stage != Stage.HOLDING) {
      return;
    }
    anotherEntry();
    if (type != RequesterType.RUN && world.chance(0.1)) {
      world.happened(Sometimes.HOLDER_DIED);
      dies();
    } else {
      letGo();
    }
  }

  private void dies() {
    world.say(() -> this + " dies");
    if (stage == Stage.HOLDING) {
      saw(Kind.LET_GO, held, 0);
    }
    rest();
  }

  // ---- letting go ----

  private void letGo() {
    world.say(() -> this + " lets go");
    saw(Kind.LET_GO, held, 0);
    stage = Stage.LETTING_GO;
    release(episode, 1);
  }

  private void release(int mine, int attempt) {
    var lease = held;
    var told = Map.copyOf(tokens);
    giveBackOnce(lease)
        .whenComplete(
            (done, failure) ->
                world.guard(
                    () -> {
                      if (mine != episode) {
                        return;
                      }
                      if (failure == null) {
                        world.happened(
                            attempt == 1 ? Sometimes.RELEASED : Sometimes.RELEASED_TWICE);
                        lease.claims().forEach(c -> toldReleased(c, told));
                      }
                      boolean again = failure == null ? world.chance(0.1) : mayTryAgain(attempt);
                      if (again) {
                        anotherEntry();
                        home.after(AGAIN_AFTER, () -> releaseAgain(mine, attempt + 1));
                      } else {
                        rest();
                      }
                    }));
  }

  private boolean mayTryAgain(int attempt) {
    return type == RequesterType.RUN || attempt < RELEASES_MAX;
  }

  private void releaseAgain(int mine, int attempt) {
    if (mine == episode) {
      release(mine, attempt);
    }
  }

  private void toldReleased(Claim claim, Map<UUID, Long> told) {
    if (told.containsKey(claim.limit())) {
      limits
          .oracle()
          .toldReleased(OwnerKey.of(claim.limit()), claim.leaseId(), told.get(claim.limit()));
    }
  }

  private CompletableFuture<Void> giveBackOnce(SimulatedWish held) {
    var through = entry;
    return caller().call(through, () -> held.release(through.asks), CALL_WITHIN);
  }

  /** What came too late to be used. */
  private void giveBack(SimulatedWish held, int attempt) {
    giveBackOnce(held)
        .whenComplete(
            (done, failure) ->
                world.guard(
                    () -> {
                      if (failure != null && mayTryAgain(attempt)) {
                        home.after(AGAIN_AFTER, () -> giveBack(held, attempt + 1));
                      }
                    }));
  }

  // ---- faults ----

  /** Its node crashed, and it with it. */
  void nodeCrashed() {
    var was = stage;
    if (type == RequesterType.RUN) {
      int mine = ++episode;
      world.after(world.between(5, 15) * World.SECOND, () -> goOnElsewhere(mine, was));
      return;
    }
    if (was == Stage.HOLDING) {
      world.happened(Sometimes.HOLDER_DIED);
      saw(Kind.LET_GO, held, 0);
    }
    episode++;
    stage = Stage.RESTING;
    comeBack();
  }

  private void comeBack() {
    world.after(
        10 * World.SECOND,
        () -> {
          if (home.isUp()) {
            rest();
          } else {
            comeBack();
          }
        });
  }

  private void goOnElsewhere(int mine, Stage was) {
    if (mine != episode) {
      return;
    }
    var members = limits.cluster().members();
    if (members.isEmpty()) {
      world.after(World.SECOND, () -> goOnElsewhere(mine, was));
      return;
    }
    entry = world.pick(members);
    home = entry.machine;
    world.happened(Sometimes.RUN_WENT_ON_ELSEWHERE);
    world.say(() -> this + " goes on at " + home);
    switch (was) {
      case RESTING -> rest();
      case WAITING -> round();
      case HOLDING -> work();
      case LETTING_GO -> release(episode, 1);
    }
  }

  // ---- words ----

  private void saw(Kind kind, SimulatedWish what, long sentAt) {
    for (var limit : what.limits()) {
      long token = tokens.getOrDefault(limit, 0L);
      limits.oracle().saw(what.entry(kind, limit, world.now(), token, sentAt));
    }
  }

  @Override
  public String toString() {
    return type + " " + number + " at " + home;
  }
}

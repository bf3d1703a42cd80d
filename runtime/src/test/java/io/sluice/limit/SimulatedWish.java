package io.sluice.limit;

import io.sluice.cluster.Together;
import io.sluice.history.SlotEntry;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.simulation.World;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * What a {@link SimulatedRequester} wants.
 *
 * @param limits one slot of each
 * @param name the random part of its leases
 * @param lasts how long its leases live after a renewal; null: until released, and each for itself
 */
record SimulatedWish(
    List<UUID> limits, UUID name, Duration lasts, Instant since, int priority, IfBusy ifBusy) {
  private static final int SLOTS = 1;

  /** Some limits of the world, for some time. */
  static SimulatedWish any(World world, List<UUID> limits, boolean untilReleased, Instant since) {
    var lasts = untilReleased ? null : Duration.ofSeconds(world.between(10, 60));
    int priority = world.chance(0.8) ? 0 : 1;
    var ifBusy = world.chance(0.8) ? IfBusy.PARK : IfBusy.KEEP_PLACE;
    return new SimulatedWish(limits, world.uuid(), lasts, since, priority, ifBusy);
  }

  SimulatedWish named(UUID name) {
    return new SimulatedWish(limits, name, lasts, since, priority, ifBusy);
  }

  /** What of it came true. */
  SimulatedWish of(List<Claim> held) {
    var came = limits.stream().filter(l -> held.stream().anyMatch(c -> c.limit().equals(l)));
    return new SimulatedWish(came.toList(), name, lasts, since, priority, ifBusy);
  }

  boolean parks() {
    return ifBusy == IfBusy.PARK;
  }

  long lastsMicros() {
    return lasts == null ? 0 : lasts.toNanos() / 1_000;
  }

  SlotRequest request() {
    return new SlotRequest(SLOTS, false, null, since, priority);
  }

  List<Claim> claims() {
    return claims(limits);
  }

  List<Claim> claims(List<UUID> of) {
    return lasts == null
        ? of.stream().map(l -> Claim.untilReleased(l, OwnerKey.leaseOf(l, name))).toList()
        : Claim.underOneLease(of, name, false, lasts);
  }

  UUID lease(UUID limit) {
    return OwnerKey.leaseOf(lasts == null ? limit : limits.get(0), name);
  }

  CompletableFuture<Void> renew(LimitAsks owners) {
    return new LeaseCalls(owners).renew(lease(limits.get(0)), lasts);
  }

  CompletableFuture<Void> release(LimitAsks owners) {
    return lasts != null
        ? new LeaseCalls(owners).release(lease(limits.get(0)))
        : Together.done(
            claims().stream()
                .map(c -> owners.ask(c.limit(), LimitCommand.Release.any(c.leaseId())))
                .toList());
  }

  SlotEntry entry(SlotEntry.Kind kind, UUID limit, long at, long token, long sentAt) {
    var lease = lease(limit).toString();
    return new SlotEntry(at, kind, OwnerKey.of(limit), lease, SLOTS, token, sentAt, lastsMicros());
  }

  String shown() {
    return limits.stream().map(limit -> OwnerKey.of(limit).substring(0, 4)).toList().toString();
  }
}

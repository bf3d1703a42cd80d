package io.sluice.limit;

import io.sluice.limit.LimitCommand.Hold;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitCommand.Style;
import io.sluice.simulation.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Does to one limit everything that may be asked of it; only what is written is judged there. */
final class SimulatedOperator {
  private static final int LEASES = 6;
  private static final Duration LASTS = Duration.ofSeconds(20);

  private final SimulatedLimits limits;
  private final World world;
  private final UUID limit;
  private final List<UUID> leases;

  SimulatedOperator(SimulatedLimits limits, UUID limit) {
    this.limits = limits;
    this.world = limits.world();
    this.limit = limit;
    this.leases =
        java.util.stream.IntStream.range(0, LEASES)
            .mapToObj(n -> OwnerKey.leaseOf(limit, world.uuid()))
            .toList();
  }

  void begin() {
    ask(new LimitCommand.Create(limit, settings(), 0, List.of()));
    next();
  }

  private void next() {
    world.after(
        world.between(World.SECOND / 10, 8 * World.SECOND),
        () -> {
          if (!limits.faults().areOver()) {
            ask(command());
            next();
          }
        });
  }

  private void ask(LimitCommand command) {
    var node = world.pick(limits.cluster().nodes());
    node.machine.act(() -> node.asks.ask(limit, command));
  }

  private LimitSettings settings() {
    return new LimitSettings(
        "operated",
        world.chance(0.9),
        (int) world.between(0, 4),
        world.pick(List.of(0.0, 0.0, 0.5)));
  }

  private LimitCommand command() {
    var lease = world.pick(leases);
    return switch ((int) world.between(0, 25)) {
      case 0 -> new LimitCommand.Configure(settings(), null, world.chance(0.2) ? settings() : null);
      case 1 -> new LimitCommand.Configure(settings(), (int) world.between(0, 3));
      case 2 -> new LimitCommand.Delete();
      case 3, 4 -> new LimitCommand.Create(limit, settings(), 0, List.of(acquire(newLease())));
      case 5 -> new LimitCommand.Unbind(lease);
      case 6 -> new LimitCommand.GiveBack(1, 0.5);
      case 7 -> new LimitCommand.Reset(List.of(acquire(newLease())));
      case 8 ->
          new LimitCommand.Retain(Set.of(lease), limits.cluster().nodes().get(0).machine.clock());
      case 9 -> new LimitCommand.Get();
      case 10 -> new LimitCommand.Outlook(Duration.ofSeconds(5), 1);
      case 11 -> new LimitCommand.Withdraw(lease, null);
      case 12 -> new LimitCommand.Renew(lease, world.chance(0.5) ? LASTS : LASTS.multipliedBy(2));
      case 13, 14, 15 -> LimitCommand.Release.any(lease);
      case 16 -> new LimitCommand.DeleteWithLeases();
      default -> acquire(lease);
    };
  }

  private UUID newLease() {
    return OwnerKey.leaseOf(limit, world.uuid());
  }

  private List<UUID> companions() {
    return world.chance(0.5) ? List.of() : List.of(world.uuid());
  }

  private LimitCommand.Acquire acquire(UUID lease) {
    return new LimitCommand.Acquire(
        lease,
        (int) world.between(1, 3),
        false,
        world.chance(0.7) ? new Hold.Leased(LASTS, companions()) : new Hold.Loose(),
        null,
        limits.cluster().nodes().get(0).machine.clock(),
        (int) world.between(0, 2),
        world.pick(List.of(IfBusy.values())),
        world.pick(List.of(Style.values())));
  }
}

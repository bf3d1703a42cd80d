package io.sluice.limit;

import io.sluice.limit.SimulatedCluster.Node;
import io.sluice.simulation.Journal;
import io.sluice.simulation.Network;
import io.sluice.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One simulated world of limits, their owners, and those who ask for slots. */
final class SimulatedLimits {
  private static final int STRICT = 3;
  private static final int REQUESTERS = 8;
  private static final long CREATED_BY = 2 * World.SECOND;
  private static final long FAULTS_LEAST = 30 * World.SECOND;
  private static final long FAULTS_MOST = 90 * World.SECOND;

  /** Every lease that nobody renews is over by then, and everybody in line has had a turn. */
  private static final long CALM = 900 * World.SECOND;

  static final Duration HELD_FOR = Duration.ofSeconds(60);

  private final World world;
  private final Network network;
  private final SlotOracle oracle;
  private final SimulatedCluster cluster;
  private final SimulatedFaults faults;
  private final List<UUID> strict = new ArrayList<>();
  private final UUID doomed;
  private final List<SimulatedRequester> requesters = new ArrayList<>();

  SimulatedLimits(long seed, Consumer<String> trace) {
    world = new World(seed, trace);
    network = new Network(world);
    var slots = new HashMap<String, Integer>();
    var settings = new HashMap<UUID, LimitSettings>();
    for (int n = 0; n < STRICT; n++) {
      var id = world.uuid();
      int size = (int) world.between(1, 3);
      strict.add(id);
      slots.put(OwnerKey.of(id), size);
      settings.put(id, LimitSettings.of("strict " + n, size));
    }
    strict.sort(null);
    doomed = world.uuid();
    settings.put(doomed, LimitSettings.of("doomed", (int) world.between(1, 3)));
    var operated = world.uuid();
    var keys = new ArrayList<>(strict.stream().map(OwnerKey::of).toList());
    keys.add(OwnerKey.of(doomed));
    keys.add(OwnerKey.of(operated));
    oracle = new SlotOracle(world, slots, OwnerKey.of(doomed), settings.get(doomed).slots());
    var journal = new Journal<LimitEvent>(world, oracle::wrote);
    cluster = new SimulatedCluster(world, network, journal, oracle, bounds(), keys);
    faults = new SimulatedFaults(world, network, journal, cluster, keys, this::crashed);
    var asks = cluster.nodes().get(0).asks;
    for (var id : strict) {
      asks.ask(id, new LimitCommand.Create(id, settings.get(id), 0, List.of()));
    }
    asks.ask(doomed, new LimitCommand.Create(doomed, settings.get(doomed), 0, List.of()));
    world.after(CREATED_BY, () -> begin(operated));
  }

  private static LimitBounds bounds() {
    return new LimitBounds(
        50,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        HELD_FOR,
        Duration.ofMillis(SimulatedFaults.OVERLAP_MOST / World.MILLI + 1_000));
  }

  private void begin(UUID operated) {
    var types = RequesterType.values();
    for (int n = 0; n < REQUESTERS; n++) {
      requesters.add(new SimulatedRequester(this, types[n % types.length], n));
    }
    new SimulatedOperator(this, operated).begin();
    faults.until(world.now() + world.between(FAULTS_LEAST, FAULTS_MOST));
    world.after(world.between(World.SECOND, FAULTS_LEAST), this::delete);
  }

  /** The doomed limit, again until somebody has heard of it. */
  private void delete() {
    if (!isDeleted(doomed)) {
      var node = world.pick(cluster.nodes());
      node.machine.act(() -> node.asks.ask(doomed, new LimitCommand.Delete()));
      world.after(3 * World.SECOND, this::delete);
    }
  }

  private void crashed(Node node) {
    requesters.stream()
        .filter(requester -> requester.home() == node.machine)
        .forEach(SimulatedRequester::nodeCrashed);
  }

  /** Runs to the end; fails with {@link io.sluice.simulation.RuleBroken}. */
  World run() {
    long end = Long.MAX_VALUE;
    while (world.now() < end && !isAtRest() && world.step()) {
      if (faults.areOver() && end == Long.MAX_VALUE) {
        end = world.now() + CALM;
      }
    }
    for (var requester : requesters) {
      if (!requester.isResting()) {
        world.broken("everybody gets a turn", "%s does not come to rest", requester);
      }
    }
    if (!isForgotten()) {
      world.broken("nothing is left", "of the doomed limit there is %s", doomedLimit());
    }
    if (oracle.heldInAll() > 0) {
      world.broken("no slot is lost", "%d leases are held by nobody", oracle.heldInAll());
    }
    oracle.end();
    return world;
  }

  private boolean isAtRest() {
    return faults.areOver()
        && oracle.heldInAll() == 0
        && isForgotten()
        && cluster.inLine() == 0
        && requesters.stream().allMatch(SimulatedRequester::isResting);
  }

  private boolean isForgotten() {
    return doomedLimit().known().isEmpty();
  }

  private Limit doomedLimit() {
    return oracle.limit(OwnerKey.of(doomed));
  }

  /** Whether an operator deleted it, by what is written. */
  boolean isDeleted(UUID limit) {
    return limit.equals(doomed) && !doomedLimit().exists();
  }

  World world() {
    return world;
  }

  Network network() {
    return network;
  }

  SlotOracle oracle() {
    return oracle;
  }

  SimulatedCluster cluster() {
    return cluster;
  }

  SimulatedFaults faults() {
    return faults;
  }

  /** One limit or several, in order; one that is to be deleted is never alone. */
  List<UUID> pick() {
    var picked = pickStrict();
    return world.chance(0.7)
        ? picked
        : Stream.concat(picked.stream(), Stream.of(doomed)).sorted().toList();
  }

  /** Limits whose settings stay and that nobody forces. */
  private List<UUID> pickStrict() {
    if (world.chance(0.5)) {
      return List.of(world.pick(strict));
    }
    var without = world.pick(strict);
    return world.chance(0.3)
        ? List.copyOf(strict)
        : strict.stream().filter(limit -> !limit.equals(without)).toList();
  }
}

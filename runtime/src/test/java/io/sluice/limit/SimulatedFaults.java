package io.sluice.limit;

import io.sluice.limit.SimulatedCluster.Node;
import io.sluice.simulation.Fault;
import io.sluice.simulation.Journal;
import io.sluice.simulation.Machine;
import io.sluice.simulation.Network;
import io.sluice.simulation.World;
import java.util.List;
import java.util.function.Consumer;

/** Makes things go wrong for a while, then puts everything in order. */
final class SimulatedFaults {
  /** How long a node is unreachable until the others take its owners. */
  private static final long NOTICED_AFTER = 6 * World.SECOND;

  /** How much later than that it stops by itself at most: meanwhile there are two owners. */
  static final long OVERLAP_MOST = 8 * World.SECOND;

  private static final long DOWN_MOST = 15 * World.SECOND;
  private static final long BETWEEN_MOST = 15 * World.SECOND;

  private final World world;
  private final Network network;
  private final Journal<LimitEvent> journal;
  private final SimulatedCluster cluster;
  private final List<String> keys;
  private final Consumer<Node> onCrash;
  private boolean over;

  SimulatedFaults(
      World world,
      Network network,
      Journal<LimitEvent> journal,
      SimulatedCluster cluster,
      List<String> keys,
      Consumer<Node> onCrash) {
    this.world = world;
    this.network = network;
    this.journal = journal;
    this.cluster = cluster;
    this.keys = keys;
    this.onCrash = onCrash;
  }

  void until(long end) {
    changeWeather();
    next();
    world.after(end - world.now(), this::allIsWell);
  }

  boolean areOver() {
    return over;
  }

  private void next() {
    world.after(
        world.between(World.SECOND / 10, BETWEEN_MOST),
        () -> {
          if (!over) {
            strike();
            next();
          }
        });
  }

  private void strike() {
    var members = cluster.members();
    switch ((int) world.between(0, 8)) {
      case 0, 1 -> changeWeather();
      case 2, 3 -> cluster.move(world.pick(keys));
      case 4 -> journalFails();
      default -> {
        if (members.size() == SimulatedCluster.NODES) {
          strike(world.pick(members));
        }
      }
    }
  }

  private void strike(Node node) {
    switch ((int) world.between(0, 4)) {
      case 0 -> crash(node);
      case 1, 2 -> cutOff(node);
      default -> pause(node);
    }
  }

  private void changeWeather() {
    boolean bad = world.chance(0.5);
    network.weather(
        new Network.Weather(
            bad ? world.pick(List.of(0.001, 0.01, 0.08)) : 0,
            bad ? world.pick(List.of(0.0, 0.01, 0.1)) : 0,
            world.pick(List.of(0.0, 0.01, 0.2)),
            world.pick(List.of(World.SECOND / 10, 3 * World.SECOND))));
    journal.weather(
        new Journal.Weather(
            world.pick(List.of(0.0, 0.0, 0.05)),
            world.pick(List.of(0.0, 0.0, 0.03)),
            world.pick(List.of(0.0, 0.1)),
            2 * World.SECOND));
  }

  private void journalFails() {
    world.say(() -> "the journal fails");
    journal.weather(new Journal.Weather(1, 0, 0, 0));
    world.after(world.between(World.SECOND, 12 * World.SECOND), this::changeWeatherUnlessOver);
  }

  private void changeWeatherUnlessOver() {
    if (!over) {
      changeWeather();
    }
  }

  // ---- one node ----

  private void crash(Node node) {
    cluster.crash(node);
    onCrash.accept(node);
    if (world.chance(0.8)) {
      world.after(NOTICED_AFTER, () -> cluster.takeOver(node));
    }
    world.after(
        NOTICED_AFTER + world.between(World.SECOND, DOWN_MOST),
        () -> {
          if (!node.machine.isUp()) {
            cluster.restart(node);
          }
        });
  }

  private void cutOff(Node node) {
    node.machine.cutOff();
    int life = node.machine.life();
    if (world.chance(0.3)) {
      world.after(
          world.between(World.SECOND / 10, NOTICED_AFTER),
          () -> {
            if (node.machine.life() == life) {
              node.machine.heal();
              cluster.catchUp(node);
            }
          });
      return;
    }
    world.after(NOTICED_AFTER, () -> lost(node, life, NOTICED_AFTER, OVERLAP_MOST));
  }

  /** The others go on without it; it finds out later, at most {@code longest}, and ends. */
  private void lost(Node node, int life, long from, long longest) {
    if (node.machine.life() != life) {
      return;
    }
    if (!node.machine.isCutOff()) {
      node.machine.cutOff();
    }
    cluster.takeOver(node);
    world.after(
        from - NOTICED_AFTER + world.between(0, longest),
        () -> {
          if (node.machine.life() == life) {
            crash(node);
          }
        });
  }

  private void pause(Node node) {
    boolean noticed = world.chance(0.5);
    long pause =
        noticed
            ? NOTICED_AFTER + world.between(0, world.pick(List.of(1L, 10L)) * OVERLAP_MOST)
            : world.between(World.SECOND / 10, NOTICED_AFTER);
    world.happened(noticed ? Fault.MACHINE_PAUSED_LONG : Fault.MACHINE_PAUSED_SHORT);
    int life = node.machine.life();
    node.machine.pause();
    if (noticed) {
      world.after(NOTICED_AFTER, () -> lost(node, life, pause, Machine.UNSURE_FOR));
    }
    world.after(
        pause,
        () -> {
          if (node.machine.life() == life) {
            node.machine.goOn();
            if (!node.machine.isCutOff()) {
              cluster.catchUp(node);
            }
          }
        });
  }

  private void allIsWell() {
    over = true;
    world.say(() -> "from now on nothing goes wrong");
    network.weather(Network.Weather.FINE);
    journal.weather(Journal.Weather.FINE);
  }
}

package io.sluice.limit;

import io.sluice.simulation.Journal;
import io.sluice.simulation.Machine;
import io.sluice.simulation.Network;
import io.sluice.simulation.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Nodes that each have an opinion of where the owners are, as cluster sharding has. */
final class SimulatedCluster {
  static final int NODES = 3;
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final long SKEW_MOST = 3_600 * World.SECOND;

  /** When requests without an answer are sent again. */
  private static final long[] AGES = {2 * World.SECOND, 6 * World.SECOND};

  private static final long SPREADS_WITHIN = 500 * World.MILLI;

  /** Where an owner is; a later placement counts. */
  private record Placement(Node node, long version) {}

  /** One node: a process, the owners in it, and where it believes the others are. */
  final class Node {
    final Machine machine;
    private final Map<String, Placement> view = new LinkedHashMap<>();
    private final Map<String, SimulatedOwner> owners = new LinkedHashMap<>();
    final LimitAsks asks = new Asks(this);

    private Node(int number) {
      long skew = world.chance(0.5) ? 0 : world.between(-SKEW_MOST, SKEW_MOST);
      machine = new Machine(world, "node " + number, skew);
    }

    private void receive(
        String key,
        LimitCommand command,
        Consumer<LimitReply> replyTo,
        Object asker,
        boolean forwarded) {
      var owner = view.get(key).node();
      if (owner == this) {
        world.say(() -> "    " + key.substring(0, 4) + " at " + machine + " is asked " + command);
        owner(key).tell(command, replyTo, asker);
      } else if (!forwarded) {
        network.send(
            machine, owner.machine, () -> owner.receive(key, command, replyTo, asker, true));
      }
    }

    private void learn(String key, Placement placement) {
      view.merge(key, placement, (old, found) -> found.version() > old.version() ? found : old);
      if (view.get(key).node() != this && owners.containsKey(key)) {
        owners.get(key).stop();
      }
    }

    private SimulatedOwner owner(String key) {
      return owners.computeIfAbsent(key, this::start);
    }

    private SimulatedOwner start(String key) {
      for (var other : nodes) {
        if (other != this && other.owners.containsKey(key)) {
          world.happened(Sometimes.TWO_OWNERS_AT_ONCE);
        }
      }
      world.say(() -> machine + " starts the owner of " + key.substring(0, 4));
      return new SimulatedOwner(
          world, machine, journal, oracle, key, bounds, () -> owners.remove(key));
    }

    int inLine() {
      return owners.values().stream().mapToInt(SimulatedOwner::inLine).sum();
    }
  }

  private final class Asks extends LimitAsks {
    private final Node from;

    Asks(Node from) {
      super(ANSWER_WITHIN);
      this.from = from;
    }

    @Override
    CompletableFuture<LimitReply> once(
        String key, LimitCommand command, Duration within, BooleanSupplier again) {
      var answer = new CompletableFuture<LimitReply>();
      send(key, command, answer);
      for (long age : AGES) {
        from.machine.after(
            age,
            () -> {
              if (!answer.isDone() && again.getAsBoolean()) {
                world.happened(Sometimes.SENT_AGAIN);
                send(key, command, answer);
              }
            });
      }
      from.machine.after(
          within.toNanos() / 1_000,
          () -> {
            if (!answer.isDone()) {
              world.happened(Sometimes.ASK_UNANSWERED);
              answer.completeExceptionally(new TimeoutException());
            }
          });
      return answer;
    }

    private void send(String key, LimitCommand command, CompletableFuture<LimitReply> answer) {
      var to = from.view.get(key).node();
      int life = from.machine.life();
      network.send(
          from.machine,
          to.machine,
          () -> to.receive(key, command, reply -> back(to, reply, answer, life), answer, false));
    }

    /** Whoever asked is gone with its life. */
    private void back(
        Node owner, LimitReply reply, CompletableFuture<LimitReply> answer, int life) {
      network.send(
          owner.machine,
          from.machine,
          () -> {
            if (from.machine.life() == life) {
              answer.complete(reply);
            }
          });
    }

    @Override
    long nanoTime() {
      return world.now() * 1_000;
    }

    @Override
    CompletableFuture<Void> pause(Duration pause) {
      var again = new CompletableFuture<Void>();
      from.machine.after(pause.toNanos() / 1_000, () -> again.complete(null));
      return again;
    }
  }

  private final World world;
  private final Network network;
  private final Journal<LimitEvent> journal;
  private final SlotOracle oracle;
  private final LimitBounds bounds;
  private final List<Node> nodes = new ArrayList<>();
  private final List<String> keys;
  private long version;

  SimulatedCluster(
      World world,
      Network network,
      Journal<LimitEvent> journal,
      SlotOracle oracle,
      LimitBounds bounds,
      List<String> keys) {
    this.world = world;
    this.network = network;
    this.journal = journal;
    this.oracle = oracle;
    this.bounds = bounds;
    this.keys = keys;
    for (int number = 1; number <= NODES; number++) {
      nodes.add(new Node(number));
    }
    for (var key : keys) {
      var owner = world.pick(nodes);
      nodes.forEach(node -> node.learn(key, new Placement(owner, 0)));
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  /** Nodes that are members and run. */
  List<Node> members() {
    return nodes.stream().filter(SimulatedCluster::isMember).toList();
  }

  private static boolean isMember(Node node) {
    return node.machine.isUp() && !node.machine.isCutOff() && !node.machine.isPaused();
  }

  int inLine() {
    return nodes.stream().mapToInt(Node::inLine).sum();
  }

  /** {@code node} missed moves while it was away, and is told of them. */
  void catchUp(Node node) {
    for (var member : members()) {
      if (member != node) {
        keys.forEach(key -> node.learn(key, member.view.get(key)));
      }
    }
  }

  /** The process of {@code node} is gone, with its owners. */
  void crash(Node node) {
    boolean waited = node.inLine() > 0;
    node.machine.crash();
    node.owners.clear();
    if (waited) {
      world.happened(Sometimes.FAILOVER_WITH_A_LINE);
    }
  }

  /** It knows where the owners are by now. */
  void restart(Node node) {
    var other = members().stream().filter(member -> member != node).findFirst();
    node.machine.restart();
    other.ifPresent(
        member -> {
          node.view.clear();
          node.view.putAll(member.view);
        });
    keys.stream().filter(key -> node.view.get(key).node() == node).forEach(key -> wake(key, node));
  }

  /** What LimitSweeper does, when a node has started and when one has left. */
  private void wake(String key, Node at) {
    at.machine.after(
        world.between(0, SPREADS_WITHIN),
        () -> at.receive(key, new LimitCommand.Get(), reply -> {}, new Object(), true));
  }

  /** The others take the owners of {@code lost}, which may not know. */
  void takeOver(Node lost) {
    var members = members().stream().filter(member -> member != lost).toList();
    if (members.isEmpty()) {
      return;
    }
    if (lost.inLine() > 0) {
      world.happened(Sometimes.FAILOVER_WITH_A_LINE);
    }
    for (var key : keys) {
      if (members.get(0).view.get(key).node() == lost) {
        give(key, world.pick(members), members);
      }
    }
  }

  private void give(String key, Node to, List<Node> members) {
    var placement = new Placement(to, ++version);
    to.learn(key, placement);
    for (var member : members) {
      if (member != to) {
        member.machine.after(world.between(0, SPREADS_WITHIN), () -> member.learn(key, placement));
      }
    }
    wake(key, to);
  }

  /** Moves an owner in peace: the old one stops first. */
  void move(String key) {
    var members = members();
    var from = members.isEmpty() ? null : members.get(0).view.get(key).node();
    if (from == null || !members.contains(from) || members.size() < 2) {
      return;
    }
    var to = world.pick(members.stream().filter(member -> member != from).toList());
    var owner = from.owners.get(key);
    world.happened(Sometimes.OWNER_MOVED);
    world.say(() -> "the owner of " + key.substring(0, 4) + " moves to " + to.machine);
    if (owner == null) {
      give(key, to, members());
    } else {
      from.view.put(key, new Placement(to, version));
      owner.stopThen(() -> give(key, to, members()));
    }
  }
}

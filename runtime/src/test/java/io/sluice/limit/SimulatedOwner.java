package io.sluice.limit;

import io.sluice.simulation.Journal;
import io.sluice.simulation.Machine;
import io.sluice.simulation.World;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Does with a {@link LimitDesk} what {@link LimitActor} does: reads the journal, keeps messages
 * back while it reads or writes, persists before it answers, begins anew after a failed write.
 */
final class SimulatedOwner {
  private static final long FLUSH_AFTER = World.MILLI / 5;
  private static final long BACKOFF = 300 * World.MILLI;

  /** Few: what it does not remember it takes for a new request. */
  private static final int REMEMBERED = 20;

  private static final long IDLE_FOR = 20 * World.SECOND;

  private final World world;
  private final Machine machine;
  private final Journal<LimitEvent> journal;
  private final SlotOracle oracle;
  private final String key;
  private final LimitDesk<Consumer<LimitReply>> desk;
  private final Deque<Runnable> stash = new ArrayDeque<>();
  private final Set<Object> askers = new LinkedHashSet<>();
  private final Set<Object> unanswered = new HashSet<>();
  private final Map<UUID, Instant> heardOf = new HashMap<>();
  private final Runnable onStopped;
  private Instant roundAt = Instant.MIN;
  private int rows;
  private boolean busy;
  private boolean flushQueued;
  private boolean stopped;
  private long armed;

  SimulatedOwner(
      World world,
      Machine machine,
      Journal<LimitEvent> journal,
      SlotOracle oracle,
      String key,
      LimitBounds bounds,
      Runnable onStopped) {
    this.world = world;
    this.machine = machine;
    this.journal = journal;
    this.oracle = oracle;
    this.key = key;
    this.desk = new LimitDesk<>(bounds, 8, true);
    this.onStopped = onStopped;
    recover();
  }

  private void recover() {
    busy = true;
    journal.read(
        machine,
        key,
        rows -> {
          var limit = Limit.ABSENT;
          for (var event : rows) {
            limit = event.applyTo(limit);
          }
          this.rows = rows.size();
          desk.recovered(limit, machine.clock(), machine.isSure());
          arm();
          free();
        });
  }

  boolean isStopped() {
    return stopped;
  }

  /** How many wait, as far as it has come up. */
  int inLine() {
    return desk.owner() == null ? 0 : desk.owner().line().parkedCount();
  }

  /** {@code replyTo} is answered exactly once, unless {@code asker} was remembered. */
  void tell(LimitCommand command, Consumer<LimitReply> replyTo, Object asker) {
    if (!askers.add(asker)) {
      world.happened(Sometimes.REPEATED_REQUEST_DROPPED);
      return;
    }
    if (askers.size() > REMEMBERED) {
      askers.remove(askers.iterator().next());
    }
    tell(command, replyTo);
  }

  private void tell(LimitCommand command, Consumer<LimitReply> replyTo) {
    whenFree(
        () -> {
          var asker = once(replyTo);
          if (command instanceof LimitCommand.Acquire ask) {
            heardOf.put(ask.leaseId(), machine.clock());
          }
          desk.receive(command, asker, machine.clock());
          queueFlush();
        });
  }

  private Consumer<LimitReply> once(Consumer<LimitReply> replyTo) {
    var open = new Object();
    unanswered.add(open);
    return reply -> {
      if (!unanswered.remove(open)) {
        world.broken("answered once", "%s at %s: %s is one too many", key, machine, reply);
      }
      replyTo.accept(reply);
    };
  }

  void stop() {
    stopThen(() -> {});
  }

  void stopThen(Runnable then) {
    whenFree(
        () -> {
          stopped = true;
          askAgain();
          var left = List.copyOf(stash);
          stash.clear();
          left.forEach(Runnable::run);
          askAgain();
          onStopped.run();
          then.run();
        });
  }

  private void askAgain() {
    askAgain(desk.unsure(), new LimitReply.PerhapsDone());
    askAgain(desk.unanswered(), new LimitReply.AskAgain());
    if (!unanswered.isEmpty()) {
      world.broken("answered once", "%s at %s leaves %d askers", key, machine, unanswered.size());
    }
  }

  private void askAgain(List<Consumer<LimitReply>> askers, LimitReply reply) {
    for (var asker : askers) {
      world.happened(Sometimes.ASKED_AGAIN);
      asker.accept(reply);
    }
  }

  // ---- one thing at a time ----

  private void whenFree(Runnable what) {
    if (busy) {
      stash.add(what);
    } else {
      what.run();
    }
  }

  private void free() {
    busy = false;
    while (!busy && !stash.isEmpty()) {
      stash.poll().run();
    }
  }

  private void queueFlush() {
    if (!flushQueued && !stopped) {
      flushQueued = true;
      machine.after(world.between(0, FLUSH_AFTER), () -> whenFree(this::flush));
    }
  }

  private void flush() {
    flushQueued = false;
    if (stopped) {
      return;
    }
    var since = roundAt;
    var before = desk.owner();
    if (!machine.isSure()) {
      world.happened(Sometimes.UNSURE_OWNER_ASKED);
    }
    var round = desk.decide(machine.clock(), machine.isSure());
    roundAt = desk.hasWork() ? Instant.MIN : machine.clock();
    if (desk.hasWork()) {
      queueFlush();
    }
    if (round.event() == null) {
      arm();
      send(round);
      return;
    }
    var events = events(round.event());
    oracle.decided(key, before, desk.owner(), events, id -> !heardOf.get(id).isAfter(since));
    oracle.granted(key, before, events, heardOf);
    persist(round);
  }

  private void persist(LimitDesk.Round<Consumer<LimitReply>> round) {
    if (round.answers().size() > 2) {
      world.happened(Sometimes.WRITE_SHARED_BY_SEVERAL);
    }
    busy = true;
    journal.write(
        machine,
        key,
        rows,
        round.event(),
        written -> {
          if (!written) {
            askAgain();
            flushQueued = false;
            machine.after(world.between(BACKOFF / 2, BACKOFF), this::recover);
            return;
          }
          rows++;
          desk.written();
          arm();
          send(round);
          free();
        });
  }

  private static List<LimitEvent> events(LimitEvent event) {
    return event instanceof LimitEvent.Batch batch ? batch.events() : List.of(event);
  }

  private static void send(LimitDesk.Round<Consumer<LimitReply>> round) {
    new ArrayList<>(round.answers()).forEach(answer -> answer.to().accept(answer.reply()));
  }

  // ---- the one timer ----

  private void arm() {
    long mine = ++armed;
    var now = machine.clock();
    desk.dueIn(now).ifPresent(in -> machine.after(micros(in), () -> ring(mine)));
    if (desk.mayLeave(now)) {
      machine.after(IDLE_FOR, () -> leave(mine));
    }
  }

  private static long micros(Duration in) {
    return in.toNanos() / 1_000 + 1;
  }

  private void ring(long mine) {
    if (mine == armed && !stopped) {
      due();
    }
  }

  private void due() {
    whenFree(
        () -> {
          desk.receive(new LimitCommand.Due(), reply -> {}, machine.clock());
          queueFlush();
        });
  }

  private void leave(long mine) {
    if (mine == armed && !stopped) {
      world.happened(Sometimes.OWNER_LEFT_MEMORY);
      stop();
    }
  }
}

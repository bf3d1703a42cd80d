package io.sluice.load.compare;

import java.time.Duration;
import java.util.List;

/**
 * Many wait for few slots: each takes one, holds it, gives it back, and asks again. Measures how
 * long a slot lies idle while somebody waits.
 *
 * @param slots of the limit
 * @param turns how often each gets a slot
 * @param cap after which a round is given up
 */
record Handoff(int slots, int waiters, int turns, Duration hold, Duration cap) implements Workload {
  private static final int WARM_UP_TURNS = 50;
  private static final int WARM_UP_CLIENTS = 4;

  @Override
  public String name() {
    return "%dslot-%dwaiters-%dturns-%dms".formatted(slots, waiters, turns, hold.toMillis());
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    var limit = Slots.name("handoff");
    try (var caller = Caller.ofSetUp(server)) {
      Slots.make(caller, limit, slots, 0);
    }
    return new Queue(server, limit);
  }

  /** The waiters of one server. */
  private final class Queue implements Session {
    private final Server server;
    private final String limit;
    private volatile SlotLog log = new SlotLog();

    Queue(Server server, String limit) {
      this.server = server;
      this.limit = limit;
    }

    /** One after the other and without waiting: servers that let waiters sleep would take long. */
    @Override
    public void warmUp() throws InterruptedException {
      var aside = Slots.name("handoff-warm-up");
      try (var caller = Caller.ofSetUp(server)) {
        Slots.make(caller, aside, WARM_UP_CLIENTS, 0);
      }
      new Crew(server.api())
          .play(
              WARM_UP_CLIENTS,
              cap,
              (number, caller) -> turns(caller, aside, WARM_UP_TURNS, Duration.ZERO, log, number));
    }

    @Override
    public Round play() {
      var crew = new Crew(server.api());
      var fresh = new SlotLog();
      log = fresh;
      crew.play(waiters, cap, (number, caller) -> turns(caller, limit, turns, hold, fresh, number));
      var held = fresh.held();
      int wanted = waiters * turns;
      var round = new Round.Builder().held(held, slots);
      SlotUse.of(held, slots, hold, wanted).addTo(round, slots, wanted, held.size());
      return round.counts(crew.counts()).build();
    }

    @Override
    public String progress() {
      return "%d of %d turns".formatted(log.size(), waiters * turns);
    }
  }

  private static void turns(
      Caller caller, String limit, int turns, Duration hold, SlotLog log, int number)
      throws InterruptedException {
    var slots = new Slots(caller);
    for (int turn = 0; turn < turns && !caller.deadline().isOver(); turn++) {
      long asked = log.now();
      var lease = slots.acquire(Slots.ask(List.of(limit), Slots.LEASE_SECONDS, false));
      if (lease.isEmpty()) {
        return;
      }
      long granted = log.now();
      if (caller.deadline().pause(hold)) {
        log.add(new Held(number, asked, granted, log.now()));
        slots.release(lease.get());
      }
    }
  }
}

package io.sluice.load.compare;

import java.time.Duration;
import java.util.List;

/**
 * Many wait for few slots: each takes one, holds it, gives it back, and asks again. Measures how
 * long a slot lies idle while somebody waits.
 *
 * @param of which kind the limit is
 * @param slots of the limit
 * @param turns how often each gets a slot
 * @param cap after which a round is given up
 */
record Handoff(Of of, int slots, int waiters, int turns, Duration hold, Duration cap)
    implements Workload {

  /** A limit by name, or the limit of a task tag, which task runs take for a minute at a time. */
  enum Of {
    NAME,
    TAG
  }

  @Override
  public String name() {
    return "%dslot-%dwaiters-%dturns-%dms".formatted(slots, waiters, turns, hold.toMillis());
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    var limit = Slots.name(of == Of.TAG ? "tag" : "handoff");
    try (var caller = Caller.ofSetUp(server)) {
      if (of == Of.TAG) {
        Slots.makeTag(caller, limit, slots);
        return new Queue(
            server, new Turns(List.of("tag:" + limit), Slots.LEASE_SECONDS_OF_TASK, true));
      }
      Slots.make(caller, limit, slots, 0);
      return new Queue(server, new Turns(List.of(limit), Slots.LEASE_SECONDS, false));
    }
  }

  /** The waiters of one server. */
  private final class Queue implements Session {
    private final Server server;
    private final Turns asks;
    private volatile SlotLog log = new SlotLog();

    Queue(Server server, Turns asks) {
      this.server = server;
      this.asks = asks;
    }

    @Override
    public void warmUp() throws InterruptedException {
      WarmUp.slots(server);
    }

    @Override
    public Round play() {
      var crew = new Crew(server.api());
      var fresh = new SlotLog();
      log = fresh;
      crew.play(waiters, cap, (number, caller) -> asks.play(caller, turns, hold, fresh, number));
      var held = fresh.held();
      int wanted = waiters * turns;
      var round = new Round.Builder().held(held, slots);
      var use = SlotUse.of(held, slots, hold, wanted);
      use.addTo(round, slots, wanted);
      use.addIdleTo(round);
      return round.counts(crew.counts()).build();
    }

    @Override
    public String progress() {
      return "%d of %d turns".formatted(log.size(), waiters * turns);
    }
  }
}

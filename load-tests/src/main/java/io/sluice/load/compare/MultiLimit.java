package io.sluice.load.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Each client takes one slot of two limits in one request: all or none. The limits stand in a ring,
 * so that each is wanted together with two others.
 *
 * @param limits in the ring
 * @param slots of each
 * @param turns how often each client gets its pair
 * @param cap after which a round is given up
 */
record MultiLimit(int limits, int slots, int clients, int turns, Duration hold, Duration cap)
    implements Workload {
  private static final int EACH = 2;

  @Override
  public String name() {
    return "%dlimits-%dslots-%dclients-%dturns-%dms"
        .formatted(limits, slots, clients, turns, hold.toMillis());
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    var names = new ArrayList<String>();
    try (var caller = Caller.ofSetUp(server)) {
      for (int number = 0; number < limits; number++) {
        names.add(Slots.name("multi"));
        Slots.make(caller, names.get(number), slots, 0);
      }
    }
    return new Ring(server, names);
  }

  /** The two limits that a client wants. */
  private int first(int client) {
    return client % limits;
  }

  private boolean wants(int client, int limit) {
    return first(client) == limit || (first(client) + 1) % limits == limit;
  }

  /** The limits of one server. */
  private final class Ring implements Session {
    private final Server server;
    private final List<String> names;
    private volatile SlotLog log = new SlotLog();

    Ring(Server server, List<String> names) {
      this.server = server;
      this.names = names;
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
      crew.play(
          clients,
          cap,
          (number, caller) -> {
            var both = List.of(names.get(first(number)), names.get((first(number) + 1) % limits));
            var asks = new Turns(both, Slots.LEASE_SECONDS, false);
            asks.play(caller, turns, hold, fresh, number);
          });
      return round(crew, fresh.held());
    }

    private Round round(Crew crew, List<Held> held) {
      var round = new Round.Builder();
      int wanted = clients * turns;
      // Each grant takes one slot of two limits: so many at once is the most there can be.
      int together = Math.max(1, limits * slots / EACH);
      SlotUse.of(held, together, hold, wanted).addTo(round, together, wanted);
      int peak = 0;
      for (int limit = 0; limit < limits; limit++) {
        int each = limit;
        var mine = held.stream().filter(one -> wants(one.holder(), each)).toList();
        int now = SlotUse.of(mine, slots, hold, mine.size()).peak();
        peak = Math.max(peak, now);
        if (now > slots) {
          round.fault(
              "%d held a slot of limit %d at once, it has %d".formatted(now, limit + 1, slots));
        }
      }
      round.put("peak_of_a_limit", peak);
      return round.held(held, together).counts(crew.counts()).build();
    }

    @Override
    public String progress() {
      return "%d of %d turns".formatted(log.size(), clients * turns);
    }
  }
}

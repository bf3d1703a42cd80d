package io.sluice.load.compare;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One holds the only slot while a great many ask for it; then it gives the slot back, and each of
 * them takes it for a moment.
 *
 * @param waiters who ask, on a connection each
 * @param settle how long all are left waiting before the slot is given back
 * @param cap after which a round is given up
 */
record Waiters(int waiters, Duration hold, Duration settle, Duration cap) implements Workload {
  private static final double KIB_PER_MIB = 1024;
  private static final double NANOS = 1e9;
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  @Override
  public String name() {
    return "%dwaiters-%dms".formatted(waiters, hold.toMillis());
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    var limit = Slots.name("waiters");
    try (var caller = Caller.ofSetUp(server)) {
      Slots.make(caller, limit, 1, 0);
    }
    return new Parked(server, limit);
  }

  /** The waiters of one server. */
  private final class Parked implements Session {
    private final Server server;
    private final String limit;
    private final AtomicInteger asking = new AtomicInteger();
    private volatile SlotLog log = new SlotLog();

    Parked(Server server, String limit) {
      this.server = server;
      this.limit = limit;
    }

    @Override
    public void warmUp() throws InterruptedException {
      WarmUp.slots(server);
    }

    @Override
    public Round play() throws InterruptedException {
      var round = new Round.Builder();
      var crew = new Crew(server.api());
      asking.set(0);
      try (var holder = Caller.ofSetUp(server)) {
        var slots = new Slots(holder);
        var first = slots.acquire(ask());
        if (first.isEmpty()) {
          return round.fault("the slot was not granted though nobody had it").build();
        }
        var before = memory();
        // The holder is the crew's last member: it gives the slot back when all others ask.
        crew.play(
            waiters + 1,
            cap,
            (number, caller) -> {
              if (number < waiters) {
                waitAndHold(caller, number);
              } else if (awaitAll(caller)) {
                addMemory(round, before, memory());
                log = new SlotLog();
                release(slots, first.get(), round);
              }
            });
      }
      return round(round, crew);
    }

    private void release(Slots slots, String lease, Round.Builder round)
        throws InterruptedException {
      var released = slots.release(lease);
      if (!released.isSuccess()) {
        round.fault(
            "the release that all waited for was answered %s: %s"
                .formatted(released.kind(), released.excerpt()));
      }
    }

    private byte[] ask() {
      return Slots.ask(List.of(limit), Slots.LEASE_SECONDS, false);
    }

    private boolean awaitAll(Caller caller) throws InterruptedException {
      while (asking.get() < waiters) {
        if (!caller.deadline().pause(LOOK_EVERY)) {
          return false;
        }
      }
      return caller.deadline().pause(settle);
    }

    private void waitAndHold(Caller caller, int number) throws InterruptedException {
      var slots = new Slots(caller);
      asking.incrementAndGet();
      var lease = slots.acquire(ask());
      if (lease.isPresent()) {
        var to = log;
        long granted = to.now();
        if (caller.deadline().pause(hold)) {
          to.add(new Held(number, 0, granted, to.now()));
          slots.release(lease.get());
        }
      }
    }

    private Optional<Memory> memory() {
      var pid = server.pid();
      return pid.isEmpty() ? Optional.empty() : Optional.of(Memory.of(pid.getAsLong()));
    }

    private void addMemory(Round.Builder round, Optional<Memory> before, Optional<Memory> parked) {
      if (before.isEmpty() || parked.isEmpty()) {
        return;
      }
      double resident = parked.get().resident() - before.get().resident();
      round
          .put("rss_before_mib", before.get().resident())
          .put("rss_parked_mib", parked.get().resident())
          .put("rss_kib_per_waiter", resident * KIB_PER_MIB / waiters);
      if (parked.get().live() > 0) {
        double live = parked.get().live() - before.get().live();
        round.put("heap_kib_per_waiter", live * KIB_PER_MIB / waiters);
      }
    }

    /** Waits are from the release on; nobody's age counts, since all asked before. */
    private Round round(Round.Builder round, Crew crew) {
      var held = log.held();
      var use = SlotUse.of(held, 1, hold, waiters);
      use.addTo(round, 1, waiters);
      use.addIdleTo(round);
      if (!held.isEmpty()) {
        round.put("last_granted_s", held.get(held.size() - 1).granted() / NANOS);
      }
      return round.held(held, 1).counts(crew.counts()).build();
    }

    @Override
    public String progress() {
      return "%d ask, %d were served".formatted(asking.get(), log.size());
    }
  }
}

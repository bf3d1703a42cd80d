package io.sluice.load.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes a slot and gives it back, over and over, on limits so large that nobody ever waits.
 *
 * @param lease whether slots are taken with a lease
 * @param limits over how many limits the pairs are spread, at random
 * @param time of a round
 * @param warmUp of it, before the first round
 * @param rate pairs that are begun in a second, however slow the server is: each is timed from when
 *     it was to begin, so that a server that stalls is charged for all who then wait (coordinated
 *     omission); empty for as fast as the answers come
 */
record Ops(
    boolean lease, int limits, int connections, Duration time, Duration warmUp, OptionalDouble rate)
    implements Workload {
  private static final int SLOTS = 1000;
  private static final Duration GRACE = Duration.ofMinutes(2);
  private static final double NANOS = 1e9;

  @Override
  public String name() {
    return (lease ? "lease" : "plain") + (limits == 1 ? "-hot" : "-many");
  }

  @Override
  public Session prepare(Server server) throws InterruptedException {
    var names = new ArrayList<String>();
    try (var caller = Caller.ofSetUp(server)) {
      for (int number = 0; number < limits; number++) {
        names.add(Slots.name("ops"));
        Slots.make(caller, names.get(number), SLOTS, 0);
      }
    }
    return new Pairs(server, names);
  }

  /** The pairs on one server. */
  private final class Pairs implements Session {
    private final Server server;
    private final List<String> names;
    private final LongAdder done = new LongAdder();

    Pairs(Server server, List<String> names) {
      this.server = server;
      this.names = names;
    }

    @Override
    public void warmUp() throws InterruptedException {
      play(warmUp);
    }

    @Override
    public Round play() throws InterruptedException {
      return play(time);
    }

    private Round play(Duration howLong) throws InterruptedException {
      var crew = new Crew(server.api());
      var times = new OpsTimes();
      var blocked = new LongAdder();
      var tickets = new AtomicLong();
      long began = System.nanoTime();
      long end = began + howLong.toNanos();
      done.reset();
      crew.play(
          connections,
          howLong.plus(GRACE),
          (number, caller) -> {
            var random = new SplittableRandom(number);
            var own = new OpsTimes.Own(end);
            for (long due = due(began, tickets); due < end; due = due(began, tickets)) {
              if (!caller.deadline().pauseUntil(due)) {
                break;
              }
              var limit = List.of(names.get(random.nextInt(names.size())));
              if (!pair(new Slots(caller), limit, due, own)) {
                blocked.increment();
              }
              done.increment();
            }
            times.add(own);
          });
      return round(crew, times, blocked.sum(), howLong);
    }

    /** When the next pair is to begin. */
    private long due(long began, AtomicLong tickets) {
      return rate.isEmpty()
          ? System.nanoTime()
          : began + (long) (tickets.getAndIncrement() * NANOS / rate.getAsDouble());
    }

    /** False if there was no slot, which must not be. */
    private boolean pair(Slots slots, List<String> limit, long due, OpsTimes.Own own)
        throws InterruptedException {
      var ask =
          lease
              ? Slots.ask(limit, Slots.LEASE_SECONDS, false)
              : Slots.askPlain(limit, "concurrency");
      var granted = lease ? slots.tryAcquire(ask) : slots.tryAcquirePlain(ask);
      if (granted.isLocked()) {
        slots.sleepAsTold(granted);
        return false;
      } else if (granted.isSuccess()) {
        long acquired = System.nanoTime();
        var released =
            lease ? slots.release(Slots.lease(granted)) : slots.releasePlain(Slots.back(limit));
        if (released.isSuccess()) {
          own.pair(due, acquired, System.nanoTime());
        }
      }
      return true;
    }

    private Round round(Crew crew, OpsTimes times, long blocked, Duration howLong)
        throws InterruptedException {
      var round = new Round.Builder().put("connections", connections);
      rate.ifPresent(offered -> round.put("offered_pairs_per_s", offered));
      times.addTo(round, howLong);
      round.put("blocked", blocked);
      if (blocked > 0) {
        round.fault(
            "%d times there was no slot, where %d were for %d clients"
                .formatted(blocked, SLOTS, connections));
      }
      Slots.addLeft(server, names, round);
      return round.counts(crew.counts()).build();
    }

    @Override
    public String progress() {
      return done.sum() + " pairs";
    }
  }
}

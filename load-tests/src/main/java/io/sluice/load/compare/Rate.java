package io.sluice.load.compare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Clients take all that a rate limit gives, for a while. A right server grants the burst and from
 * then on what the rate says: not one more, and hardly one less.
 *
 * @param perSecond slots that come back in a second
 * @param burst slots of the limit, free at the start
 */
record Rate(double perSecond, int burst, int clients, Duration time) implements Workload {
  private static final double NANOS = 1e9;

  @Override
  public String name() {
    return "%s_per_s-burst%d-%dclients".formatted(perSecond, burst, clients);
  }

  @Override
  public Session prepare(Server server) {
    return new Takers(server);
  }

  /** How many grants a server owes after that time. */
  static double due(double perSecond, int burst, long nanos) {
    return burst + perSecond * nanos / NANOS;
  }

  /**
   * By how much the grants run ahead of what was due, at most. A grant is seen after it was made,
   * and the time runs from before the first was asked for, so 0 is the most of a right server.
   *
   * @param granted when, since the first was asked for, in order
   */
  static double aheadMost(List<Long> granted, double perSecond, int burst) {
    double ahead = 0;
    for (int i = 0; i < granted.size(); i++) {
      ahead = Math.max(ahead, i + 1 - due(perSecond, burst, granted.get(i)));
    }
    return ahead;
  }

  /** The clients of one server. */
  private final class Takers implements Session {
    private final Server server;
    private volatile List<Long> granted = List.of();

    Takers(Server server) {
      this.server = server;
    }

    /** On a limit of its own, since a rate remembers. */
    @Override
    public void warmUp() throws InterruptedException {
      WarmUp.slots(server);
    }

    @Override
    public Round play() throws InterruptedException {
      var limit = Slots.name("rate");
      try (var caller = Caller.ofSetUp(server)) {
        Slots.make(caller, limit, burst, perSecond);
      }
      var ask = Slots.askPlain(List.of(limit), "rate_limit");
      var crew = new Crew(server.api());
      List<Long> grants = Collections.synchronizedList(new ArrayList<>());
      granted = grants;
      long began = System.nanoTime();
      crew.play(clients, time, (number, caller) -> take(new Slots(caller), ask, began, grants));
      return round(crew, grants.stream().filter(at -> at <= time.toNanos()).sorted().toList());
    }

    private void take(Slots slots, byte[] ask, long began, List<Long> grants)
        throws InterruptedException {
      while (!slots.caller().deadline().isOver()) {
        var answer = slots.tryAcquirePlain(ask);
        if (answer.isSuccess()) {
          grants.add(System.nanoTime() - began);
        } else if (!answer.isLocked() || !slots.sleepAsTold(answer)) {
          return;
        }
      }
    }

    private Round round(Crew crew, List<Long> grants) {
      double due = due(perSecond, burst, time.toNanos());
      double ahead = aheadMost(grants, perSecond, burst);
      var round =
          new Round.Builder()
              .put("grants", grants.size())
              .put("due", due)
              .put("grants_over_due", grants.size() / due)
              .put("ahead_max", ahead);
      round.times("gap", SlotUse.histogram(gaps(grants)));
      if (ahead >= 1) {
        round.fault(
            String.format(
                Locale.ROOT,
                "%.1f grants ahead of a burst of %d and %s a second",
                ahead,
                burst,
                perSecond));
      }
      if (grants.isEmpty()) {
        round.fault("nothing was granted");
      }
      return round.counts(crew.counts()).build();
    }

    /** From each grant to the next, once the burst is used up. */
    private long[] gaps(List<Long> grants) {
      var gaps = new long[Math.max(0, grants.size() - burst)];
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] = i + burst == 0 ? 0 : grants.get(i + burst) - grants.get(i + burst - 1);
      }
      return gaps;
    }

    @Override
    public String progress() {
      return "%d grants".formatted(granted.size());
    }
  }
}

package io.sluice.load.compare;

import java.time.Duration;
import java.util.List;

/** Makes tool and server do some of the work before it is measured. */
final class WarmUp {
  private static final int TURNS = 50;
  private static final int CLIENTS = 4;
  private static final Duration CAP = Duration.ofSeconds(30);

  private WarmUp() {}

  /** Slots taken and given back; nobody waits, since some servers let waiters sleep for long. */
  static void slots(Server server) throws InterruptedException {
    var limit = Slots.name("warm-up");
    try (var caller = Caller.ofSetUp(server)) {
      Slots.make(caller, limit, CLIENTS, 0);
    }
    var turns = new Turns(List.of(limit), Slots.LEASE_SECONDS, false);
    var log = new SlotLog();
    new Crew(server.api())
        .play(
            CLIENTS,
            CAP,
            (number, caller) -> turns.play(caller, TURNS, Duration.ZERO, log, number));
  }
}

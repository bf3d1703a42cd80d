package io.sluice.load.compare;

import java.time.Duration;
import java.util.List;

/**
 * What a client does that wants slots again and again.
 *
 * @param limits of each of which it takes one slot, in one request
 * @param leaseSeconds of each lease
 * @param task whether it names itself a task run, as Prefect's task engine does
 */
record Turns(List<String> limits, int leaseSeconds, boolean task) {

  /**
   * Takes the slots, holds them and gives them back; so often, or until the round or a request ends
   * it.
   */
  void play(Caller caller, int turns, Duration hold, SlotLog log, int number)
      throws InterruptedException {
    var slots = new Slots(caller);
    // A client's age is that of its question, not of its connection: a server can know no other.
    caller.connect();
    for (int turn = 0; turn < turns && !caller.deadline().isOver(); turn++) {
      long asked = log.now();
      var lease = slots.acquire(Slots.ask(limits, leaseSeconds, task));
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

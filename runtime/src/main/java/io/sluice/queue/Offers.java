package io.sluice.queue;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Which runs of a queue were handed to a worker lately, so that another one is handed others. */
final class Offers {
  private record Offer(String worker, Instant until) {}

  private final Map<UUID, Offer> byRun = new HashMap<>();

  void note(WorkQueueCommand.Offered offered) {
    var offer = new Offer(offered.worker(), offered.until());
    offered.runIds().forEach(run -> byRun.put(run, offer));
  }

  /** The run is no longer for workers to take. */
  void end(UUID run) {
    byRun.remove(run);
  }

  void endBefore(Instant now) {
    byRun.values().removeIf(offer -> offer.until().isBefore(now));
  }

  /** The worker that was handed the run; null if none was. */
  String worker(UUID run) {
    var offer = byRun.get(run);
    return offer == null ? null : offer.worker();
  }
}

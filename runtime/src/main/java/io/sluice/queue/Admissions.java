package io.sluice.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The runs of a queue that were let through to become PENDING and are on their way. They ask for
 * their slots themselves: nobody is to give them one meanwhile, or one more than there are would be
 * held. If the limits change meanwhile, they may have asked those of before.
 */
final class Admissions {
  private record Admission(Instant at, boolean limitsChanged) {}

  private final Map<UUID, Admission> byRun = new HashMap<>();

  void admit(UUID run, Instant at) {
    byRun.put(run, new Admission(at, false));
  }

  boolean contains(UUID run) {
    return byRun.containsKey(run);
  }

  Set<UUID> runs() {
    return byRun.keySet();
  }

  /** The queue's limits, or their settings, are others from now on. */
  void limitsChanged() {
    byRun.replaceAll((run, admission) -> new Admission(admission.at(), true));
  }

  /** The run has arrived or gave up. Returns whether it may have asked limits of before. */
  boolean end(UUID run) {
    var admission = byRun.remove(run);
    return admission != null && admission.limitsChanged();
  }

  /** Forgets those from before {@code since}; returns which may have asked limits of before. */
  List<UUID> end(Instant since) {
    var before = new ArrayList<UUID>();
    byRun
        .entrySet()
        .removeIf(
            entry -> {
              boolean over = entry.getValue().at().isBefore(since);
              if (over && entry.getValue().limitsChanged()) {
                before.add(entry.getKey());
              }
              return over;
            });
    return before;
  }
}

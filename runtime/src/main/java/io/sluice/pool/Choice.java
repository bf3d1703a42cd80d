package io.sluice.pool;

import io.sluice.pool.Polls.HandOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Which of the due runs a worker is given. Pure. */
final class Choice {
  private static final Comparator<HandOut> ORDER =
      Comparator.comparingInt((HandOut out) -> out.queue().priority())
          .thenComparing(out -> out.run().since())
          .thenComparing(out -> out.run().runId());

  private Choice() {}

  /**
   * By priority of the queue, then by age, then by id; a run without room for it is passed over.
   *
   * @param room how many runs queues and the pool have room for, by id; absent: any number
   * @param turns how many runs of a deployment would start soon, by id; absent: any number
   */
  static List<HandOut> of(
      List<HandOut> candidates, Map<UUID, Integer> room, Map<UUID, Integer> turns) {
    var left = new HashMap<>(room);
    left.putAll(turns);
    var chosen = new ArrayList<HandOut>();
    for (var out : candidates.stream().sorted(ORDER).toList()) {
      var bounds =
          List.of(
              out.queue().id(),
              out.queue().poolId(),
              Optional.ofNullable(out.run().deploymentId()).orElse(out.run().runId()));
      if (bounds.stream().allMatch(id -> left.getOrDefault(id, 1) > 0)) {
        bounds.forEach(id -> left.computeIfPresent(id, (same, n) -> n - 1));
        chosen.add(out);
      }
    }
    return chosen;
  }
}

package io.sluice.prefect;

import io.sluice.http.Json;
import io.sluice.queue.WorkQueue;
import io.sluice.store.TimeOrderedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What the server says over a worker channel (Prefect 3.8.8, client/schemas/worker_channel.py). The
 * client refuses fields that it does not know.
 */
final class ChannelFrames {
  static final String VERSION = "work_pool_worker_channel.v1";
  static final List<String> CAPABILITIES = List.of("worker_heartbeat.v1", "work_pool_snapshot.v1");

  private ChannelFrames() {}

  private record Frame(String type, UUID id, Instant sentAt, Object payload) {}

  private record Queue(UUID id, String name) {}

  private record Snapshot(long snapshotSequence, String reason, PoolJson workPool) {}

  private record Ready(
      UUID consumerId,
      UUID workerId,
      String selectedChannelVersion,
      int effectiveHeartbeatIntervalSeconds,
      List<String> acceptedCapabilities,
      List<String> rejectedCapabilities,
      int effectiveMaxCleanupConcurrency,
      List<Queue> resolvedWorkQueues,
      Snapshot initialSnapshot) {}

  private static String frame(String type, Object payload, Instant now) {
    return Json.text(new Frame(type, TimeOrderedId.at(now), now, payload));
  }

  /** The answer to {@code hello}; workers have no id of their own in Prefect's open source. */
  static String ready(ChannelHello hello, List<WorkQueue> queues, PoolJson pool, Instant now) {
    var rejected = new ArrayList<>(hello.capabilities());
    rejected.removeAll(CAPABILITIES);
    var ready =
        new Ready(
            hello.consumer(),
            null,
            VERSION,
            hello.heartbeatSeconds(),
            CAPABILITIES,
            rejected,
            0,
            queues.stream().map(queue -> new Queue(queue.id(), queue.name())).toList(),
            new Snapshot(1, "initial", pool));
    return frame("worker.ready.v1", ready, now);
  }

  /**
   * @param sequence from 2
   */
  static String snapshot(long sequence, String reason, PoolJson pool, Instant now) {
    return frame("work_pool.snapshot.v1", new Snapshot(sequence, reason, pool), now);
  }
}

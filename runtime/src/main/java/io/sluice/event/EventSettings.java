package io.sluice.event;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * How events are stored. Defaults and reasons stand in {@code reference.conf} under {@code
 * sluice.event}.
 *
 * @param keepFor older events are deleted
 * @param keepMax of more than these the oldest are deleted
 * @param pruneEvery how often that is done
 * @param queueMax events that may wait to be written; beyond, the oldest are dropped
 * @param batchMax events that one commit takes at most
 * @param linger how long a commit waits for more events
 */
public record EventSettings(
    Duration keepFor,
    int keepMax,
    Duration pruneEvery,
    int queueMax,
    int batchMax,
    Duration linger) {

  public EventSettings {
    if (keepMax < 1 || queueMax < 1 || batchMax < 1) {
      throw new IllegalArgumentException(
          "sluice.event: keep-max, queue-max and batch-max are at least 1");
    }
  }

  public static EventSettings from(Config event) {
    return new EventSettings(
        event.getDuration("keep-for"),
        event.getInt("keep-max"),
        event.getDuration("prune-every"),
        event.getInt("queue-max"),
        event.getInt("batch-max"),
        event.getDuration("linger"));
  }
}

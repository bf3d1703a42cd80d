package io.sluice.task;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * Times of {@link TaskSlots}; defaults in {@code reference.conf} under {@code sluice.task}.
 *
 * @param holds how long the first, second, … proposal in a row may be held
 * @param heldMost how long a task run holds its slots at most
 */
record TaskSlotBounds(List<Duration> holds, Duration heldMost) {

  static TaskSlotBounds from(Config task) {
    return new TaskSlotBounds(task.getDurationList("holds"), task.getDuration("slots-held-most"));
  }

  /** How long the proposal after {@code earlier} others in a row may be held. */
  Duration hold(int earlier) {
    return holds.get(Math.min(earlier, holds.size() - 1));
  }

  Duration longestHold() {
    return holds.get(holds.size() - 1);
  }
}

package io.sluice.prefect;

import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.node.Owners;
import io.sluice.run.FlowRuns;
import io.sluice.task.TaskRuns;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the events of clients. Those that say what Prefect's task engine did are the only way in
 * which the server learns of it.
 */
final class EventIntake {
  private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);

  private final Events events;
  private final TaskRuns tasks;
  private final FlowRuns runs;

  EventIntake(Owners owners) {
    this.events = owners.events();
    this.tasks = owners.taskRuns();
    this.runs = owners.flowRuns();
  }

  Events events() {
    return events;
  }

  /** Done when it is; an event that was taken before, by its id, changes nothing. */
  CompletableFuture<Void> take(Event event) {
    if (!events.publish(event)) {
      return CompletableFuture.completedFuture(null);
    }
    TaskEvents.heartbeat(event).ifPresent(runs::heard);
    return TaskEvents.observation(event)
        .map(seen -> tasks.observe(seen.taskRunId(), seen.observe()))
        .orElseGet(() -> CompletableFuture.completedFuture(null))
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                LOG.warn("Event {} of {} is lost", event.event(), event.resourceId(), failure);
              }
            });
  }
}

package io.sluice.prefect;

import io.sluice.event.Events;
import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import io.sluice.run.FlowRuns;
import io.sluice.task.TaskRuns;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one client (Prefect 3.8.8, server/api/events.py, {@code /events/in}): first {@code
 * auth}, then one event in each message. What Prefect's task engine did reaches the server only so.
 */
final class EventsIn implements Socket {
  private static final Logger LOG = LoggerFactory.getLogger(EventsIn.class);

  private final Events events;
  private final TaskRuns tasks;
  private final FlowRuns runs;
  private boolean admitted;

  EventsIn(Events events, TaskRuns tasks, FlowRuns runs) {
    this.events = events;
    this.tasks = tasks;
    this.runs = runs;
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    if (!admitted) {
      admitted = SocketAuth.isAuth(text);
      return CompletableFuture.completedFuture(admitted ? SocketAuth.WELCOME : Reply.HANG_UP);
    }
    return take(text).handle((done, failure) -> Reply.NOTHING);
  }

  private CompletableFuture<Void> take(String text) {
    try {
      var body = Body.of(Json.read(text));
      var event = EventJson.read(body, events.now());
      if (body.isWrong()) {
        LOG.warn("An event without id, name, time or resource was dropped");
        return CompletableFuture.completedFuture(null);
      }
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
    } catch (RuntimeException unreadable) {
      LOG.warn("An event that cannot be read was dropped: {}", unreadable.toString());
      return CompletableFuture.completedFuture(null);
    }
  }
}

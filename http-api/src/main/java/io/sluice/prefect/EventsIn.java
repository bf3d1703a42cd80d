package io.sluice.prefect;

import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of one client (Prefect 3.8.8, server/api/events.py, {@code /events/in}): one event in
 * each message. What Prefect's task engine did reaches the server only so.
 */
final class EventsIn implements Socket {
  private static final Logger LOG = LoggerFactory.getLogger(EventsIn.class);

  private final EventIntake intake;

  EventsIn(EventIntake intake) {
    this.intake = intake;
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    return take(text).handle((done, failure) -> Reply.NOTHING);
  }

  private CompletableFuture<Void> take(String text) {
    try {
      var body = Body.of(Json.readMended(text));
      var event = EventJson.read(body, intake.events().now());
      if (body.isWrong()) {
        LOG.warn("An event without id, name, time or resource was dropped");
        return CompletableFuture.completedFuture(null);
      }
      return intake.take(event);
    } catch (RuntimeException unreadable) {
      LOG.warn("An event that cannot be read was dropped: {}", unreadable.toString());
      return CompletableFuture.completedFuture(null);
    }
  }
}

package io.sluice.prefect;

import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.http.Body;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Events for one client (Prefect 3.8.8, server/api/events.py, {@code /events/out}): first {@code
 * auth}, then {@code filter}; then the client hears what happened lately and what happens.
 */
final class EventsOut implements Socket {
  private final Events events;
  private Consumer<String> say;
  private boolean admitted;
  private Runnable end = () -> {};

  EventsOut(Events events) {
    this.events = events;
  }

  @Override
  public void opened(Consumer<String> say) {
    this.say = say;
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    return CompletableFuture.completedFuture(admitted ? listen(text) : admit(text));
  }

  private Reply admit(String text) {
    admitted = SocketAuth.isAuth(text);
    return admitted ? SocketAuth.WELCOME : Reply.HANG_UP;
  }

  private synchronized Reply listen(String text) {
    try {
      var body = Body.of(Json.read(text));
      if (!body.text("type").equals(java.util.Optional.of("filter"))) {
        return Reply.HANG_UP;
      }
      var filter = EventJson.filter(Body.of(body.map("filter")));
      boolean backfill = body.bool("backfill").orElse(true);
      end.run();
      end = events.listen(filter, backfill, this::tell);
      return Reply.NOTHING;
    } catch (RuntimeException unreadable) {
      return Reply.HANG_UP;
    }
  }

  private void tell(Event event) {
    say.accept(Json.text(Map.of("type", "event", "event", EventJson.of(event))));
  }

  @Override
  public synchronized void closed() {
    end.run();
  }
}

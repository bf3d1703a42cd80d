package io.sluice.prefect;

import io.sluice.event.Event;
import io.sluice.event.Events;
import io.sluice.http.Body;
import io.sluice.http.Json;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Events for one client (Prefect 3.8.8, server/api/events.py, {@code /events/out}): what happened
 * lately, unless it does not want that, and what happens.
 */
final class EventsOut extends Subscription {
  private final Events events;

  EventsOut(Events events) {
    this.events = events;
  }

  @Override
  Supplier<Runnable> wanted(Body message, Body filter, Consumer<String> say) {
    var wanted = EventJson.filter(filter);
    boolean backfill = message.bool("backfill").orElse(true);
    return () -> events.listen(wanted, backfill, event -> say.accept(text(event)));
  }

  private static String text(Event event) {
    return Json.text(Map.of("type", "event", "event", EventJson.of(event)));
  }
}

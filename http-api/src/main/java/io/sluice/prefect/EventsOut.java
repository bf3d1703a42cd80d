package io.sluice.prefect;

import io.sluice.event.Event;
import io.sluice.event.EventHistory;
import io.sluice.event.Events;
import io.sluice.event.Replay;
import io.sluice.http.Body;
import io.sluice.http.Json;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events for one client (Prefect 3.8.8, server/api/events.py, {@code /events/out}): what happened
 * lately, unless it does not want that, and what happens.
 */
final class EventsOut extends Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(EventsOut.class);
  private static final Close UNREADABLE =
      Close.serverError("The store does not tell what happened before; try again");

  private final Events events;
  private final EventHistory history;

  EventsOut(Events events, EventHistory history) {
    this.events = events;
    this.history = history;
  }

  @Override
  Supplier<Runnable> wanted(Body message, Body filter, Peer peer) {
    var wanted = EventJson.filter(filter);
    boolean backfill = message.bool("backfill").orElse(true);
    Consumer<Event> say = event -> peer.say(text(event));
    return backfill
        ? () -> Replay.listen(events, history, wanted, say, why -> unreadable(peer, why))
        : () -> events.listen(wanted, false, say);
  }

  private static void unreadable(Peer peer, Throwable why) {
    LOG.warn("A listener was sent away: the events before cannot be read: {}", why.toString());
    peer.hangUp(UNREADABLE);
  }

  private static String text(Event event) {
    return Json.text(Map.of("type", "event", "event", EventJson.of(event)));
  }
}

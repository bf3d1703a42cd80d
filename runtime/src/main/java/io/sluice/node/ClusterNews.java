package io.sluice.node;

import io.sluice.cluster.Newscast;
import io.sluice.event.Event;
import io.sluice.event.EventNews;
import io.sluice.event.Events;
import io.sluice.log.LogNews;
import io.sluice.log.Logs;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Whoever listens to events or logs at one node hears those of all nodes: a worker hears that its
 * run is to be cancelled, whichever node was asked to cancel it.
 */
final class ClusterNews {
  /** Roughly what an event or a line takes besides its text. */
  private static final int BYTES = 500;

  private ClusterNews() {}

  static void connect(ActorSystem<?> system, Events events, Logs logs) {
    var bounds = Newscast.Bounds.from(system.settings().config().getConfig("sluice.news"));
    var ofEvents =
        new Newscast<Event, EventNews>(
            system,
            "events",
            EventNews.class,
            EventNews::new,
            ClusterNews::weight,
            heard -> heard.forEach(events::heard),
            bounds);
    events.onPublished(ofEvents::tell);
    ofEvents.listen(true);
    var ofLogs =
        new Newscast<Logs.Entry, LogNews>(
            system,
            "logs",
            LogNews.class,
            LogNews::new,
            line -> BYTES + line.message().length(),
            logs.listeners()::tell,
            bounds);
    logs.onStored(lines -> lines.forEach(ofLogs::tell));
    logs.listeners().onInterest(ofLogs::listen);
  }

  private static int weight(Event event) {
    return BYTES + (event.payload() == null ? 0 : event.payload().toString().length());
  }
}

package io.sluice.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells a listener what happened lately and then what happens: each event once, the old ones first
 * (Prefect 3.8.8, server/api/events.py, {@code /events/out}).
 */
public final class Replay {
  /** How far back, as Prefect does by default. */
  static final Duration FOR = Duration.ofMinutes(15);

  /**
   * How many old events are told, the newest, and how many new ones wait meanwhile: together what a
   * websocket lets wait to be read, which would otherwise be cut off at once.
   */
  static final int MAX = 5_000;

  private final Consumer<Event> hear;

  /** What is not yet stored, or happens while the old events are read; null once all is told. */
  private Deque<Event> held = new ArrayDeque<>();

  private Replay(Consumer<Event> hear) {
    this.hear = hear;
  }

  /**
   * Lets {@code hear} hear the events of the last 15 minutes that match, of all nodes, at most the
   * newest 5,000; then what comes, of which the oldest are dropped if more than 5,000 come while
   * the old ones are read. It must not block.
   *
   * @param failed told instead if the old ones cannot be read; then nothing is heard
   * @return ends the listening
   */
  public static Runnable listen(
      Events events,
      EventHistory history,
      EventFilter filter,
      Consumer<Event> hear,
      Consumer<Throwable> failed) {
    return listen(events, wanted -> history.newest(wanted, MAX), filter, hear, failed);
  }

  static Runnable listen(
      Events events,
      Function<EventFilter, CompletableFuture<List<Event>>> newestFirst,
      EventFilter filter,
      Consumer<Event> hear,
      Consumer<Throwable> failed) {
    var replay = new Replay(hear);
    var wanted = filter.notBefore(events.now().minus(FOR));
    // Before the old ones are read: what happens in between, or is not stored yet, would be lost.
    var end = events.listen(wanted, true, replay::happened);
    newestFirst
        .apply(wanted)
        .whenComplete(
            (old, unreadable) -> {
              if (unreadable == null) {
                replay.tell(old);
              } else {
                end.run();
                failed.accept(unreadable);
              }
            });
    return end;
  }

  private synchronized void happened(Event event) {
    if (held == null) {
      hear.accept(event);
      return;
    }
    held.addLast(event);
    if (held.size() > MAX) {
      held.removeFirst();
    }
  }

  private synchronized void tell(List<Event> newestFirst) {
    var told = new HashSet<UUID>();
    for (int i = newestFirst.size() - 1; i >= 0; i--) {
      told.add(newestFirst.get(i).id());
      hear.accept(newestFirst.get(i));
    }
    held.stream().filter(event -> !told.contains(event.id())).forEach(hear);
    held = null;
  }
}

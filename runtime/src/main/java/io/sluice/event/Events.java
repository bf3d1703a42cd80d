package io.sluice.event;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of a cluster as one node knows them: published once, handed to all who listen, and
 * kept until they are in the store for sure, from where {@link Replay} tells them again. Clients
 * send events at least once; an event with a known id is dropped.
 */
public final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  /** Longer than another node takes to store an event that this one has heard of. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(10);

  /** How many events are kept at most, some 4 KB each: those of 1,000 runs. */
  static final int KEPT_MAX = 5_000;

  /**
   * How many ids are remembered to recognize what was sent twice, some 100 bytes each: a client
   * sends again at once what it could not send before.
   */
  static final int KNOWN_MAX = 20_000;

  private record Listener(EventFilter filter, Consumer<Event> hear) {}

  private final InstantSource clock;
  private final Deque<Event> kept = new ArrayDeque<>();
  private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
  private final List<Consumer<Event>> publishers = new CopyOnWriteArrayList<>();

  /** By id: whether it was published on this node, rather than heard of. */
  private final Map<UUID, Boolean> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
          return size() > KNOWN_MAX;
        }
      };

  public Events(InstantSource clock) {
    this.clock = clock;
  }

  /** Publishes an event; false if one with its id was published on this node before. */
  public boolean publish(Event event) {
    Boolean before;
    synchronized (this) {
      before = known.put(event.id(), true);
      if (before == null) {
        keepAndTell(event);
      }
    }
    if (Boolean.TRUE.equals(before)) {
      return false;
    }
    publishers.forEach(told -> hear(told, event));
    return true;
  }

  /** Takes an event that was published on another node, unless it is known. */
  public void heard(Event event) {
    synchronized (this) {
      if (known.putIfAbsent(event.id(), false) == null) {
        keepAndTell(event);
      }
    }
  }

  /** Both before anybody else listens: who did hears it once, either way. */
  private void keepAndTell(Event event) {
    kept.addLast(event);
    forget();
    for (var listener : listeners) {
      if (listener.filter().matches(event)) {
        hear(listener.hear(), event);
      }
    }
  }

  private void forget() {
    var oldest = clock.instant().minus(KEPT_FOR);
    while (!kept.isEmpty()
        && (kept.size() > KEPT_MAX || kept.peekFirst().received().isBefore(oldest))) {
      kept.removeFirst();
    }
  }

  private static void hear(Consumer<Event> listener, Event event) {
    try {
      listener.accept(event);
    } catch (RuntimeException deaf) {
      LOG.warn("A listener failed on event {} {}", event.event(), event.id(), deaf);
    }
  }

  /**
   * Lets {@code hear} hear what matches, first what is kept (if {@code backfill}): that of the last
   * 10 s, at most 5,000; then what comes. It is called by whoever publishes and must not block.
   *
   * @return ends the listening
   */
  public Runnable listen(EventFilter filter, boolean backfill, Consumer<Event> hear) {
    var listener = new Listener(filter, hear);
    synchronized (this) {
      if (backfill) {
        forget();
        kept.stream().filter(filter::matches).forEach(hear);
      }
      listeners.add(listener);
    }
    return () -> listeners.remove(listener);
  }

  /**
   * Lets {@code hear} hear every event that is published on this node, not those of other nodes. If
   * one is published that another node published before, it is heard again.
   */
  public void onPublished(Consumer<Event> hear) {
    publishers.add(hear);
  }

  public Instant now() {
    return clock.instant();
  }
}

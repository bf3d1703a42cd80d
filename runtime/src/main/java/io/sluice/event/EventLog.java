package io.sluice.event;

import io.sluice.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events to the store behind those who publish them: {@link #add} never waits and never
 * fails. Events are written some at a time by a thread of its own; if they come faster than the
 * store takes them, the oldest that wait are dropped and counted. Deletes what is too old or too
 * much.
 */
public final class EventLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration WARN_EVERY = Duration.ofSeconds(10);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private record Flush(long upTo, CompletableFuture<Void> done) {}

  private final Store store;
  private final InstantSource clock;
  private final EventSettings settings;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock:
  private final Deque<Event> waiting = new ArrayDeque<>();
  private final Deque<Flush> flushes = new ArrayDeque<>();
  private long added;
  private long settled;
  private long dropped;
  private boolean closed;
  private Instant nextWarning = Instant.MIN;
  private Instant nextPrune = Instant.MIN;

  public EventLog(Store store, InstantSource clock, EventSettings settings) {
    this.store = store;
    this.clock = clock;
    this.settings = settings;
    this.thread = new Thread(this::run, "sluice-event-log");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an event to be written soon. */
  public void add(Event event) {
    lock.lock();
    try {
      waiting.addLast(event);
      added++;
      if (waiting.size() > settings.queueMax()) {
        waiting.removeFirst();
        settled++;
        drop(1);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void drop(int count) {
    dropped += count;
    var now = clock.instant();
    if (!now.isBefore(nextWarning)) {
      nextWarning = now.plus(WARN_EVERY);
      LOG.warn(
          "Events dropped since the start: {}. Either more than {} waited for the store, or it did"
              + " not take them. Listings of events lack them; runs are not affected. For longer"
              + " bursts raise sluice.event.queue-max.",
          dropped,
          settings.queueMax());
    }
  }

  /** How many events were dropped since the start. */
  public long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Done when all events that were added before are in the store, or dropped. */
  public CompletableFuture<Void> flush() {
    lock.lock();
    try {
      if (settled == added) {
        return CompletableFuture.completedFuture(null);
      }
      var flush = new Flush(added, new CompletableFuture<>());
      flushes.addLast(flush);
      changed.signalAll();
      return flush.done();
    } finally {
      lock.unlock();
    }
  }

  // ---- the writing thread ----

  private void run() {
    try {
      for (var batch = take(); batch != null; batch = take()) {
        int lost = write(batch);
        prune();
        settle(batch.size(), lost);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next events to write; none if it is time to prune, null at the end. */
  private List<Event> take() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        if (!changed.await(settings.pruneEvery().toNanos(), TimeUnit.NANOSECONDS)) {
          return List.of();
        }
      }
      if (waiting.isEmpty()) {
        return null;
      }
      long left = settings.linger().toNanos();
      while (left > 0 && flushes.isEmpty() && !closed && waiting.size() < settings.batchMax()) {
        left = changed.awaitNanos(left);
      }
      var batch = new ArrayList<Event>();
      while (!waiting.isEmpty() && batch.size() < settings.batchMax()) {
        batch.add(waiting.removeFirst());
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** How many of them could not be written. */
  private int write(List<Event> batch) throws InterruptedException {
    if (batch.isEmpty()) {
      return 0;
    }
    try {
      insert(batch);
      return 0;
    } catch (CompletionException failed) {
      int lost = 0;
      for (var event : batch) {
        lost += writeAlone(event) ? 0 : 1;
      }
      return lost;
    }
  }

  /** In one transaction. */
  private void insert(List<Event> events) {
    store.eventWriter().write(events.stream().map(EventRows::insert).toList()).join();
  }

  /** Tries once more a second later if the store does not answer. */
  private boolean writeAlone(Event event) throws InterruptedException {
    for (int attempt = 0; attempt < 2; attempt++) {
      try {
        insert(List.of(event));
        return true;
      } catch (CompletionException failed) {
        if (Store.isDuplicate(failed)) {
          return true;
        }
        LOG.debug("Event {} cannot be written", event.id(), failed);
        pause();
      }
    }
    return false;
  }

  private void pause() throws InterruptedException {
    lock.lock();
    try {
      long left = RETRY.toNanos();
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void settle(int count, int lost) {
    var done = new ArrayList<Flush>();
    lock.lock();
    try {
      settled += count;
      if (lost > 0) {
        drop(lost);
      }
      while (!flushes.isEmpty() && flushes.peekFirst().upTo() <= settled) {
        done.add(flushes.removeFirst());
      }
    } finally {
      lock.unlock();
    }
    done.forEach(flush -> flush.done().complete(null));
  }

  private void prune() {
    var now = clock.instant();
    if (now.isBefore(nextPrune)) {
      return;
    }
    nextPrune = now.plus(settings.pruneEvery());
    try {
      EventRows.prune(store.sql(), now.minus(settings.keepFor()), settings.keepMax());
    } catch (DataAccessException down) {
      LOG.warn("Old events cannot be deleted: {}", down.getMessage());
    }
  }

  /** Writes what waits, then stops; waits at most 5 s for it. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(CLOSE_WITHIN.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.sluice;

import io.sluice.LimitListener.Registration;
import io.sluice.limit.Limits;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** The listeners on limits. */
final class Listeners {
  private final Limits limits;
  private final Threads threads;
  private final int max;
  private final Semaphore places;
  private final Set<Registration> registered = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Listeners(Limits limits, Threads threads, LibrarySettings settings) {
    this.limits = limits;
    this.threads = threads;
    this.max = settings.listenersMax();
    this.places = new Semaphore(max);
  }

  CompletableFuture<Registration> add(String limit, LimitListener listener) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new SluiceException.TooMany(
              "%d listeners on limits are registered already, which is the most.".formatted(max),
              "Close some, or raise sluice.library.listeners-max."));
    }
    return limits
        .get(limit)
        .thenApply(
            found -> {
              var telling = new LimitTelling(limit, listener, threads.changes());
              return registered(telling, limits.watch(found.id(), telling::changed));
            })
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                places.release();
              }
            });
  }

  private Registration registered(LimitTelling telling, Runnable stop) {
    var open = new AtomicBoolean(true);
    var registration =
        new Registration() {
          @Override
          public void close() {
            if (open.compareAndSet(true, false)) {
              telling.end();
              stop.run();
              registered.remove(this);
              places.release();
            }
          }
        };
    registered.add(registration);
    if (closed) {
      registration.close();
    }
    return registration;
  }

  void close() {
    closed = true;
    registered.forEach(Registration::close);
  }
}

package io.sluice.load;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Waits without occupying a thread. */
public final class Timers implements AutoCloseable {
  private final ScheduledThreadPoolExecutor scheduler;
  private final Executor executor;

  /**
   * @param executor carries on what waited
   */
  public Timers(Executor executor) {
    this.executor = executor;
    scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "timers");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Done after {@code wait}; never, if this is closed before. */
  public CompletableFuture<Void> after(Duration wait) {
    var done = new CompletableFuture<Void>();
    scheduler.schedule(
        () -> executor.execute(() -> done.complete(null)), wait.toNanos(), TimeUnit.NANOSECONDS);
    return done;
  }

  /** Runs {@code task} again and again until this is closed. */
  public void every(Duration period, Runnable task) {
    scheduler.scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}

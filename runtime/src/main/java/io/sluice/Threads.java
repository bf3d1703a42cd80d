package io.sluice;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of one {@link Sluice}, however many leases it has: one for all timers, and a few that
 * call the program's own code, started when needed. All are daemons.
 */
final class Threads implements AutoCloseable {
  /** More only hide that a callback blocks. */
  private static final int ANSWERING = 4;

  private static final int IDLE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor timers;
  private final ThreadPoolExecutor answers;
  private final ThreadPoolExecutor losses;
  private final ThreadPoolExecutor changes;

  Threads(LibrarySettings settings) {
    timers = new ScheduledThreadPoolExecutor(1, named("sluice-timer"));
    timers.setRemoveOnCancelPolicy(true);
    timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    answers = pool("sluice-answer", ANSWERING, settings.requestsMax());
    losses = pool("sluice-lease", 1, settings.requestsMax());
    changes = pool("sluice-limit", 1, settings.listenersMax());
  }

  private static ThreadPoolExecutor pool(String name, int threads, int waiting) {
    var pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            named(name),
            // Full only if more is told than is asked or held; closed: nobody else does it any
            // more.
            (task, full) -> task.run());
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static ThreadFactory named(String name) {
    var count = new AtomicInteger();
    return work -> {
      var thread = new Thread(work, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Runs {@code work}, which must not wait, after {@code nanos}; never once closed. */
  ScheduledFuture<?> after(long nanos, Runnable work) {
    return timers.schedule(work, Math.max(0, nanos), TimeUnit.NANOSECONDS);
  }

  /** Completes stages that the program chains on. */
  Executor answers() {
    return answers;
  }

  /** Tells of lost leases, one at a time. */
  Executor losses() {
    return losses;
  }

  /** Tells of changes at limits, one at a time. */
  Executor changes() {
    return changes;
  }

  /** Ends the timers; what is to be told is still told. */
  @Override
  public void close() {
    timers.shutdownNow();
    answers.shutdown();
    losses.shutdown();
    changes.shutdown();
  }
}

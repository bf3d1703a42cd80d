package io.sluice.load.compare;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The clients of one round: a thread and a connection each, since in Prefect each is a process of
 * its own. They start together.
 */
final class Crew {
  private static final long STACK_BYTES = 256 * 1024;
  private static final Duration TO_END = Duration.ofSeconds(10);

  private final URI api;
  private final Counts counts = new Counts();
  private final Deadline deadline = new Deadline();
  private final Queue<RuntimeException> bugs = new ConcurrentLinkedQueue<>();

  /** What a client does, from the start to its end. */
  interface Part {
    void play(int number, Caller caller) throws InterruptedException;
  }

  Crew(URI api) {
    this.api = api;
  }

  Counts counts() {
    return counts;
  }

  Deadline deadline() {
    return deadline;
  }

  /**
   * Returns when all have ended, or the time is up and their requests are broken off.
   *
   * @return whether all had ended by themselves
   */
  boolean play(int clients, Duration cap, Part part) {
    var callers = new ArrayList<Caller>();
    var threads = new ArrayList<Thread>();
    var ended = new CountDownLatch(clients);
    for (int number = 0; number < clients; number++) {
      var caller = new Caller(api, counts, deadline);
      callers.add(caller);
      threads.add(thread(number, caller, part, ended));
    }
    threads.forEach(Thread::start);
    try {
      return ended.await(cap.toNanos(), TimeUnit.NANOSECONDS) && bugs.isEmpty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      deadline.end();
      callers.forEach(Caller::close);
      join(threads);
      rethrow();
    }
  }

  private static void join(List<Thread> threads) {
    try {
      for (var thread : threads) {
        thread.join(TO_END.toMillis());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void rethrow() {
    List<RuntimeException> thrown = List.copyOf(bugs);
    if (!thrown.isEmpty()) {
      throw thrown.get(0);
    }
  }

  private Thread thread(int number, Caller caller, Part part, CountDownLatch ended) {
    Runnable task =
        () -> {
          try {
            part.play(number, caller);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException bug) {
            bugs.add(bug);
            while (ended.getCount() > 0) {
              ended.countDown();
            }
          } finally {
            ended.countDown();
          }
        };
    var thread = new Thread(null, task, "client-" + number, STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }
}

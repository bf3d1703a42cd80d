package io.sluice.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client for each of several limits of one slot: takes it and gives it back, over and over, and
 * notes the longest time that passed between two grants.
 */
final class Takers {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<String, Duration> longest = new ConcurrentHashMap<>();
  private final CountDownLatch begun;
  private volatile boolean enough;

  private Takers(Api api, int limits) {
    this.api = api;
    this.begun = new CountDownLatch(limits);
  }

  /** Returns when each limit has been granted once. */
  static Takers start(Api api, List<String> limits) throws InterruptedException {
    var takers = new Takers(api, limits.size());
    for (var limit : limits) {
      var thread = new Thread(() -> takers.takeTurns(limit), "taker-" + limit);
      takers.threads.add(thread);
      thread.start();
    }
    if (!takers.begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("not all limits were granted within " + PATIENCE);
    }
    return takers;
  }

  private void takeTurns(String limit) {
    long last = 0;
    boolean lastTurn = false;
    Api.Granted held = null;
    while (!lastTurn || held != null) {
      try {
        if (held != null) {
          held = api.release(held) ? null : held;
        } else {
          held = api.acquire(limit).orElse(null);
          lastTurn = enough && held != null;
          last = held == null ? last : granted(limit, last);
        }
      } catch (IOException again) {
        // A client repeats its request, as this one does.
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private long granted(String limit, long last) {
    long now = System.nanoTime();
    if (last == 0) {
      begun.countDown();
    } else {
      longest.merge(limit, Duration.ofNanos(now - last), Takers::longer);
    }
    return now;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** Lets each take one more turn, so that no gap is open, and ends. The longest gap of each. */
  List<Duration> end() throws InterruptedException {
    enough = true;
    for (var thread : threads) {
      thread.join(PATIENCE.toMillis());
      if (thread.isAlive()) {
        thread.interrupt();
        throw new AssertionError(thread.getName() + " was not granted within " + PATIENCE);
      }
    }
    return longest.values().stream().sorted().toList();
  }
}

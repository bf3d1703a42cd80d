package io.sluice.load;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Lets so many requests of a client be under way at once as it has connections; the others wait in
 * order, at most {@code patience}.
 */
final class ConnectionGate {
  private final int connections;
  private final Duration patience;
  private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
  private int inUse;

  ConnectionGate(int connections, Duration patience) {
    this.connections = connections;
    this.patience = patience;
  }

  /**
   * Done when a connection is free for the asker, who must {@link #leave()} it; failed with a
   * {@link java.util.concurrent.TimeoutException} if none was in time.
   */
  synchronized CompletableFuture<Void> enter() {
    if (inUse < connections) {
      inUse++;
      return CompletableFuture.completedFuture(null);
    }
    var waiter = new CompletableFuture<Void>();
    waiting.add(waiter);
    return waiter.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Hands the connection to the next in line who still waits. */
  void leave() {
    for (var next = nextInLine(); next != null; next = nextInLine()) {
      if (next.complete(null)) {
        return;
      }
    }
  }

  private synchronized CompletableFuture<Void> nextInLine() {
    var next = waiting.poll();
    if (next == null) {
      inUse--;
    }
    return next;
  }
}

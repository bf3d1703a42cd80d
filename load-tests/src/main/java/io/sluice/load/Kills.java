package io.sluice.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Kills a node at set points of a burst: with more than one kill, once when half the runs are
 * created; the others spread evenly over the runs that finish.
 */
final class Kills implements BiConsumer<Integer, Integer>, AutoCloseable {

  /** A point of a burst: so many runs created, so many finished. */
  record Point(int created, int finished) {
    boolean isReached(int createdNow, int finishedNow) {
      return createdNow >= created && finishedNow >= finished;
    }

    @Override
    public String toString() {
      return finished == 0 ? created + " runs created" : finished + " runs finished";
    }
  }

  private final List<Point> points;
  private final Consumer<Point> kill;
  private final AtomicInteger next = new AtomicInteger();
  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private volatile CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /**
   * @param kill kills the node and starts it again; may block, never called twice at once
   */
  Kills(List<Point> points, Consumer<Point> kill) {
    this.points = List.copyOf(points);
    this.kill = kill;
  }

  static List<Point> points(int kills, int runs) {
    var points = new ArrayList<Point>();
    if (kills > 1) {
      points.add(new Point(Math.max(1, runs / 2), 0));
    }
    int others = kills - points.size();
    for (int number = 1; number <= others; number++) {
      points.add(new Point(0, Math.max(1, runs * number / (others + 1))));
    }
    return points;
  }

  @Override
  public void accept(Integer created, Integer finished) {
    int now = next.get();
    if (now < points.size()
        && points.get(now).isReached(created, finished)
        && next.compareAndSet(now, now + 1)) {
      last = CompletableFuture.runAsync(() -> kill.accept(points.get(now)), executor);
    }
  }

  /** How many kills are done, once none is under way; rethrows if the node did not come back. */
  int awaitDone() {
    last.join();
    return next.get();
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}

package io.sluice.load;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** How far a burst is: which runs are created, which have ended. */
final class Progress {
  private final Set<String> created = ConcurrentHashMap.newKeySet();
  private final Set<String> finished = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final BiConsumer<Integer, Integer> watcher;
  private volatile boolean submitted;

  /**
   * @param watcher told after each step how many runs are created and finished; must not block
   */
  Progress(BiConsumer<Integer, Integer> watcher) {
    this.watcher = watcher;
  }

  void created(String run) {
    created.add(run);
    step();
  }

  void finished(String run) {
    finished.add(run);
    step();
  }

  /** The server says that so many runs have ended; some may end without a worker's doing. */
  void ended(int runs) {
    if (submitted && runs >= created.size()) {
      done.complete(null);
    }
  }

  /** No more will be created. */
  void submitted() {
    submitted = true;
    step();
  }

  private void step() {
    watcher.accept(created.size(), finished.size());
    if (submitted && finished.size() >= created.size() && finished.containsAll(created)) {
      done.complete(null);
    }
  }

  int created() {
    return created.size();
  }

  int finished() {
    return finished.size();
  }

  /** Done when every created run has ended. */
  CompletableFuture<Void> done() {
    return done;
  }
}

package io.sluice.notice;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What was looked up, kept for a while: an event must not cost a query. Whoever asks while it is
 * being looked up waits for the same answer; one that failed is forgotten.
 *
 * @param <K> what it is known by
 */
final class Remembered<K, V> {
  /** Those who wait are answered in the order in which they came: so are events told. */
  private static final class Known<V> {
    private final Instant until;
    private final List<CompletableFuture<Optional<V>>> waiting = new ArrayList<>();
    private CompletableFuture<Optional<V>> value;

    Known(Instant until) {
      this.until = until;
    }

    synchronized CompletableFuture<Optional<V>> get() {
      if (value != null) {
        return value;
      }
      var asked = new CompletableFuture<Optional<V>>();
      waiting.add(asked);
      return asked;
    }

    synchronized void answer(Optional<V> found) {
      waiting.forEach(asked -> asked.complete(found));
      waiting.clear();
      value = CompletableFuture.completedFuture(found);
    }
  }

  private final Function<K, CompletableFuture<Optional<V>>> lookUp;
  private final InstantSource clock;
  private final Duration keptFor;
  private final int max;
  private final Map<K, Known<V>> known = new ConcurrentHashMap<>();

  /**
   * @param max when so many are known, all are forgotten
   */
  Remembered(
      Function<K, CompletableFuture<Optional<V>>> lookUp,
      InstantSource clock,
      Duration keptFor,
      int max) {
    this.lookUp = lookUp;
    this.clock = clock;
    this.keptFor = keptFor;
    this.max = max;
  }

  /** Empty for a null key, if there is no such thing, and if it cannot be looked up. */
  CompletableFuture<Optional<V>> get(K key) {
    if (key == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var now = clock.instant();
    var found = known.get(key);
    if (found != null && found.until.isAfter(now)) {
      return found.get();
    }
    if (known.size() >= max) {
      known.clear();
    }
    var asked = new Known<V>(now.plus(keptFor));
    var answer = asked.get();
    known.put(key, asked);
    lookUp
        .apply(key)
        .whenComplete(
            (value, failure) -> {
              if (failure != null) {
                known.remove(key, asked);
              }
              asked.answer(failure == null ? value : Optional.empty());
            });
    return answer;
  }
}

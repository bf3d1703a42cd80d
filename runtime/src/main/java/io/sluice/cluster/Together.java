package io.sluice.cluster;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Joins what was asked of several owners at once. Each result fails with the first failure there
 * is, but not before all have ended: nothing is under way any more when the caller goes on.
 */
public final class Together {
  private Together() {}

  /** The results in the order of {@code asked}. */
  public static <T> CompletableFuture<List<T>> all(Collection<CompletableFuture<T>> asked) {
    var each = List.copyOf(asked);
    return done(each).thenApply(ended -> each.stream().map(CompletableFuture::join).toList());
  }

  /** Asks once per distinct key, and gives the results by key, in the order of {@code keys}. */
  public static <K, T> CompletableFuture<Map<K, T>> each(
      Collection<K> keys, Function<K, CompletableFuture<T>> ask) {
    var asked = new LinkedHashMap<K, CompletableFuture<T>>();
    keys.forEach(key -> asked.computeIfAbsent(key, ask));
    return done(asked.values())
        .thenApply(
            ended -> {
              var results = new LinkedHashMap<K, T>();
              asked.forEach((key, result) -> results.put(key, result.join()));
              return results;
            });
  }

  /** As {@link #each}, with those keys only for which there is something. */
  public static <K, T> CompletableFuture<Map<K, T>> found(
      Collection<K> keys, Function<K, CompletableFuture<Optional<T>>> find) {
    return each(keys, find)
        .thenApply(
            results -> {
              var found = new LinkedHashMap<K, T>();
              results.forEach((key, one) -> one.ifPresent(value -> found.put(key, value)));
              return found;
            });
  }

  /** When all have ended. */
  public static CompletableFuture<Void> done(Collection<? extends CompletableFuture<?>> asked) {
    return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new));
  }
}

package io.sluice.limit;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which limits the names of a request mean. What the {@link LimitDirectory} remembers of a name may
 * be over: another node deleted the limit, gave it another name, or created it anew. The owner's
 * answer shows it; then the name is looked up again.
 */
final class Meant {
  private final LimitDirectory directory;
  private final Map<UUID, List<String>> names = new ConcurrentHashMap<>();

  private Meant(LimitDirectory directory) {
    this.directory = directory;
  }

  /** Of a request that names limits by their ids. */
  static Meant byId() {
    return new Meant(null);
  }

  static Meant byName(LimitDirectory directory, Map<String, UUID> ids) {
    var meant = new Meant(directory);
    meant.learn(ids);
    return meant;
  }

  private void learn(Map<String, UUID> ids) {
    ids.forEach((name, id) -> names.merge(id, List.of(name), Meant::both));
  }

  private static List<String> both(List<String> one, List<String> other) {
    return java.util.stream.Stream.concat(one.stream(), other.stream()).toList();
  }

  /** Whether the answer of {@code limit} shows that the request did not mean it. */
  boolean isStale(UUID limit, LimitReply reply) {
    var asked = names.get(limit);
    if (asked == null) {
      return false;
    }
    var face = face(reply);
    return reply instanceof LimitReply.NoSuchLimit || face != null && !asked.contains(face.name());
  }

  private static LimitReply.Face face(LimitReply reply) {
    if (reply instanceof LimitReply.Granted granted) {
      return granted.limit();
    } else if (reply instanceof LimitReply.Offered offered) {
      return offered.limit();
    } else if (reply instanceof LimitReply.Skipped skipped) {
      return skipped.limit();
    }
    return reply instanceof LimitReply.Busy busy ? busy.limit() : null;
  }

  /**
   * The limits to ask instead of {@code limit}, whose answer was stale; none if its names mean
   * nothing any more. A limit that is said again, because it is just being renamed, is not doubted
   * a second time.
   */
  CompletableFuture<List<UUID>> instead(UUID limit, LimitReply reply) {
    Collection<String> asked = names.remove(limit);
    directory.forget(asked);
    return directory
        .find(asked)
        .thenApply(
            found -> {
              found
                  .values()
                  .removeIf(id -> id.equals(limit) && reply instanceof LimitReply.NoSuchLimit);
              var ids = found.values().stream().distinct().toList();
              found.values().removeIf(limit::equals);
              learn(found);
              return ids;
            });
  }
}

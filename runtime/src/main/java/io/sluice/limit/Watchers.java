package io.sluice.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** Who watches one limit, for as long as they ask again. In memory only. */
final class Watchers {
  static final Duration REMEMBERED_FOR = Duration.ofSeconds(30);

  /** Beyond this many, more are not told anything: each change is a message to each. */
  static final int WATCHERS_MAX = 1000;

  private final Map<ActorRef<LimitFigures>, Instant> until = new HashMap<>();
  private LimitFigures told;

  /** Tells {@code watcher} the figures now if it is new, and their changes from now on. */
  void add(ActorRef<LimitFigures> watcher, LimitFigures figures, Instant now) {
    tell(figures, now);
    if (!until.containsKey(watcher)) {
      forgetLate(now);
      if (until.size() >= WATCHERS_MAX) {
        return;
      }
      watcher.tell(figures);
    }
    until.put(watcher, now.plus(REMEMBERED_FOR));
  }

  /** Tells all of them if the figures are not those they know. */
  void tell(LimitFigures figures, Instant now) {
    if (figures.equals(told)) {
      return;
    }
    told = figures;
    forgetLate(now);
    until.keySet().forEach(watcher -> watcher.tell(figures));
  }

  private void forgetLate(Instant now) {
    until.values().removeIf(end -> end.isBefore(now));
  }
}

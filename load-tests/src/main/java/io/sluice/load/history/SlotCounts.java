package io.sluice.load.history;

import io.sluice.load.history.SlotHistory.Count;
import java.util.ArrayList;
import java.util.List;

/**
 * Judges how many slots the server says are taken: never fewer than are surely held, never more
 * than may be held. Counts are read from whichever owner answers, which may be one that has lost
 * its place, so only those of calm times are judged.
 */
final class SlotCounts {
  private final SlotHistory history;
  private final SlotTruth truth;
  private final List<Violation> violations = new ArrayList<>();

  SlotCounts(SlotHistory history, SlotTruth truth) {
    this.history = history;
    this.truth = truth;
  }

  private void found(Rule rule, String what, Object... facts) {
    violations.add(new Violation(rule, what.formatted(facts)));
  }

  List<Violation> check() {
    for (var count : history.counts()) {
      if (truth.isCalm(count.sentNanos(), count.answeredNanos())) {
        notTooFew(count);
        notTooMany(count);
      }
    }
    return violations;
  }

  private void notTooFew(Count count) {
    var held =
        history.tenures().stream()
            .filter(t -> t.names(count.limit()))
            .filter(t -> t.spans(count.sentNanos(), count.answeredNanos()))
            .toList();
    long alone = held.stream().filter(t -> t.grant().asked().limits().size() == 1).count();
    if (count.taken() < held.size()) {
      found(
          count.taken() < alone || alone == held.size() ? Rule.FREES_ONCE : Rule.ALL_OR_NONE,
          "%s: at %.3f s %d slots were taken, but %d held one, %d of them of other limits, too",
          count.limit(),
          count.answeredNanos() / 1e9,
          count.taken(),
          held.size(),
          held.size() - alone);
    }
  }

  private void notTooMany(Count count) {
    long maybe =
        history.attempts().stream()
            .filter(a -> a.names(count.limit()) && a.sentNanos() <= count.answeredNanos())
            .filter(a -> mayHold(a, count.sentNanos()))
            .count();
    if (count.taken() > maybe) {
      boolean waits =
          history.attempts().stream()
              .filter(a -> a.names(count.limit()) && a.asked().limits().size() > 1)
              .anyMatch(
                  a -> a.sentNanos() <= count.answeredNanos() && a.endNanos() >= count.sentNanos());
      found(
          waits ? Rule.ALL_OR_NONE : Rule.NO_LEAK,
          "%s: at %.3f s %d slots were taken, but only %d may have held one",
          count.limit(),
          count.answeredNanos() / 1e9,
          count.taken(),
          maybe);
    }
  }

  private boolean mayHold(Attempt attempt, long at) {
    if (attempt.isInDoubt()) {
      return true;
    }
    var tenure = attempt.isGranted() ? history.tenure(attempt.lease()) : null;
    return tenure != null && tenure.surelyOverNanos() >= at;
  }
}

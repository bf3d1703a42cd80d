package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Judges by the log of a test what became of slots that were asked for by the names of their
 * limits. Reports only what is certain: who was told of a grant holds it from then on, and until
 * {@link Tenure#toNanos()}; an answer that never came counts for neither side.
 */
public final class SlotChecker {
  private static final int NO_SUCH_LEASE = 404;
  private static final int LEASE_GONE = 410;

  private final SlotHistory history;
  private final SlotTruth truth;
  private final List<Violation> violations = new ArrayList<>();

  private SlotChecker(SlotHistory history, SlotTruth truth) {
    this.history = history;
    this.truth = truth;
  }

  /** Every violation there is; empty if the test is passed. */
  public static List<Violation> check(SlotHistory history, SlotTruth truth) {
    var checker = new SlotChecker(history, truth);
    checker.grantsAreLeased();
    for (var limit : truth.sizes().keySet().stream().sorted().toList()) {
      checker.limitIsRespected(limit);
      checker.tokensRise(limit);
      checker.nobodyOvertakes(limit);
      checker.cutOffNodesStop(limit);
    }
    checker.leasesAreKept();
    checker.violations.addAll(new SlotCounts(history, truth).check());
    checker.allAreServed();
    return List.copyOf(checker.violations);
  }

  private void found(Rule rule, String what, Object... facts) {
    violations.add(new Violation(rule, what.formatted(facts)));
  }

  private static double seconds(long nanos) {
    return nanos / 1e9;
  }

  private void grantsAreLeased() {
    var leases = new HashSet<String>();
    for (var attempt : history.attempts()) {
      if (!attempt.isGranted()) {
        continue;
      }
      if (attempt.lease() == null) {
        found(Rule.LEASED, "call %d of %s has no lease", attempt.call(), attempt.actor());
      } else if (!leases.add(attempt.lease())) {
        found(Rule.LEASED, "lease %s was granted twice", attempt.lease());
      }
      for (var limit : attempt.asked().limits()) {
        if (!attempt.tokens().containsKey(limit)) {
          found(Rule.LEASED, "lease %s has no token for %s", attempt.lease(), limit);
        }
      }
    }
  }

  private void limitIsRespected(String limit) {
    int most = truth.sizes().get(limit);
    var holding = new PriorityQueue<Tenure>(Comparator.comparingLong(Tenure::toNanos));
    for (var tenure : surely(limit)) {
      while (!holding.isEmpty() && holding.peek().toNanos() <= tenure.fromNanos()) {
        holding.poll();
      }
      holding.add(tenure);
      if (holding.size() > most) {
        most = holding.size();
        found(
            Rule.WITHIN_LIMIT,
            "at %.3f s %d held a slot of %s; the last was %s with lease %s",
            seconds(tenure.fromNanos()),
            holding.size(),
            limit,
            tenure.grant().actor(),
            tenure.grant().lease());
      }
    }
  }

  /** Who surely held a slot for some time, by the beginning of that. */
  private List<Tenure> surely(String limit) {
    return history.tenures().stream()
        .filter(tenure -> tenure.names(limit) && tenure.fromNanos() < tenure.toNanos())
        .sorted(Comparator.comparingLong(Tenure::fromNanos))
        .toList();
  }

  /** Of two grants the later one is the one that was asked for when the other had been answered. */
  private void tokensRise(String limit) {
    var byAnswer = granted(limit);
    var bySending = new ArrayList<>(byAnswer);
    byAnswer.sort(Comparator.comparingLong(Attempt::endNanos));
    bySending.sort(Comparator.comparingLong(Attempt::sentNanos));
    var seen = new HashSet<Long>();
    Attempt highest = null;
    int next = 0;
    for (var later : bySending) {
      for (; byAnswer.get(next).endNanos() < later.sentNanos(); next++) {
        highest = higher(highest, byAnswer.get(next), limit);
      }
      long token = later.tokens().get(limit);
      if (!seen.add(token)) {
        found(Rule.TOKENS_RISE, "%s: token %d was granted twice", limit, token);
      } else if (highest != null && token <= highest.tokens().get(limit)) {
        found(
            Rule.TOKENS_RISE,
            "%s: lease %s, asked for at %.3f s, has token %d; token %d had been granted at %.3f s",
            limit,
            later.lease(),
            seconds(later.sentNanos()),
            token,
            highest.tokens().get(limit),
            seconds(highest.endNanos()));
      }
    }
  }

  private static Attempt higher(Attempt one, Attempt other, String limit) {
    return one == null || one.tokens().get(limit) < other.tokens().get(limit) ? other : one;
  }

  private ArrayList<Attempt> granted(String limit) {
    var granted = new ArrayList<>(history.attempts());
    granted.removeIf(attempt -> !attempt.isGranted() || !attempt.tokens().containsKey(limit));
    return granted;
  }

  /**
   * While somebody waits in one unbroken request, nobody who came later is granted. Requests for
   * several limits are left out: they may wait for another one.
   */
  private void nobodyOvertakes(String limit) {
    var waits = new ArrayList<>(history.attempts());
    waits.removeIf(a -> !a.names(limit) || a.asked().limits().size() > 1 || a.isInDoubt());
    long slack = truth.slackNanos();
    for (var later : waits) {
      if (!later.isGranted() || !truth.isCalm(later.endNanos(), later.endNanos())) {
        continue;
      }
      for (var earlier : waits) {
        if (earlier.sentNanos() + slack >= later.firstSentNanos()) {
          break;
        }
        if (later.endNanos() + slack < earlier.endNanos()) {
          found(
              Rule.IN_ORDER,
              "%s: %s, asked for at %.3f s, waited until %.3f s; %s, asked for at %.3f s, was granted"
                  + " at %.3f s",
              limit,
              earlier.actor(),
              seconds(earlier.sentNanos()),
              seconds(earlier.endNanos()),
              later.actor(),
              seconds(later.firstSentNanos()),
              seconds(later.endNanos()));
        }
      }
    }
  }

  /** After another node had granted, what is asked of the one that is cut off is not granted. */
  private void cutOffNodesStop(String limit) {
    for (var window : truth.faults()) {
      var cut = window.cut();
      if (cut == null) {
        continue;
      }
      var within =
          history.attempts().stream()
              .filter(a -> a.isGranted() && a.names(limit))
              .filter(a -> a.sentNanos() > cut.fromNanos() && a.endNanos() < cut.toNanos())
              .toList();
      long takenOver =
          within.stream()
              .filter(a -> !a.asked().node().equals(cut.node()))
              .mapToLong(Attempt::endNanos)
              .min()
              .orElse(Long.MAX_VALUE);
      within.stream()
          .filter(a -> a.asked().node().equals(cut.node()) && a.sentNanos() > takenOver)
          .forEach(
              a ->
                  found(
                      Rule.FENCED,
                      "%s: %s granted lease %s at %.3f s; another node had granted at %.3f s",
                      limit,
                      cut.node(),
                      a.lease(),
                      seconds(a.endNanos()),
                      seconds(takenOver)));
    }
  }

  /** A renewal that is refused although the lease was surely to live on, and not given back. */
  private void leasesAreKept() {
    for (var entry : history.entries()) {
      if (entry.op() != Op.RENEW || entry.kind() != Kind.ANSWERED || entry.slots() == null) {
        continue;
      }
      boolean refused = entry.status() == LEASE_GONE || entry.status() == NO_SUCH_LEASE;
      var tenure = history.tenure(entry.slots().lease());
      if (refused && tenure != null && entry.atNanos() < tenure.toNanos()) {
        found(
            Rule.LEASES_KEPT,
            "%s: renewal of lease %s answered %d at %.3f s; it was to live until %.3f s",
            tenure.grant().asked().limits(),
            tenure.grant().lease(),
            entry.status(),
            seconds(entry.atNanos()),
            seconds(tenure.toNanos()));
      }
    }
  }

  private void allAreServed() {
    history
        .unserved(truth.gone())
        .values()
        .forEach(
            last ->
                found(
                    Rule.GRANTED,
                    "%s waits for %s since %.3f s, at last by a request that was %s",
                    last.actor(),
                    last.asked().limits(),
                    seconds(last.firstSentNanos()),
                    last.outcome()));
  }
}

package io.sluice.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges what the holders of slots saw. Reports only what is certain: a lease surely holds its
 * slots from the answer that says so until its holder lets it go, or until its time after the
 * sending of the last request that is known to have begun it anew.
 */
public final class SlotJudge {

  /** What must hold. */
  public enum Rule {
    WITHIN_LIMIT,
    TOKENS_RISE,
    LEASES_KEPT
  }

  /** What was broken, when and how. */
  public record Violation(Rule rule, long at, String what) {}

  private record Key(String limit, String lease) {}

  private static final class Hold {
    private final long from;
    private final int slots;
    private final String lease;
    private long until;

    Hold(SlotEntry granted) {
      this.from = granted.at();
      this.slots = granted.slots();
      this.lease = granted.lease();
      this.until = end(granted);
    }

    static long end(SlotEntry answered) {
      return answered.lastsFor() == 0 ? Long.MAX_VALUE : answered.sentAt() + answered.lastsFor();
    }
  }

  private final Map<String, Integer> limits;
  private final Map<Key, Long> askedWith = new HashMap<>();
  private final Map<String, Long> highest = new HashMap<>();
  private final Map<Key, Hold> open = new HashMap<>();
  private final Map<String, List<Hold>> holds = new TreeMap<>();
  private final List<Violation> violations = new ArrayList<>();

  /**
   * @param limits how many slots each limit has, at most, all the time
   */
  public SlotJudge(Map<String, Integer> limits) {
    this.limits = Map.copyOf(limits);
  }

  /** Entries come in the order of their times. */
  public void saw(SlotEntry entry) {
    var key = new Key(entry.limit(), entry.lease());
    switch (entry.kind()) {
      case ASKED -> askedWith.putIfAbsent(key, highest.getOrDefault(entry.limit(), 0L));
      case GRANTED -> granted(key, entry);
      case RENEWED -> {
        var hold = open.get(key);
        if (hold != null) {
          hold.until = Math.max(hold.until, Hold.end(entry));
        }
      }
      case LEASE_GONE -> gone(key, entry);
      case LET_GO -> {
        var hold = open.remove(key);
        if (hold != null) {
          hold.until = Math.min(hold.until, entry.at());
        }
      }
    }
  }

  /** A grant that was asked for after another was answered has the higher token. */
  private void granted(Key key, SlotEntry entry) {
    long before = askedWith.getOrDefault(key, 0L);
    if (entry.token() <= before) {
      broken(
          Rule.TOKENS_RISE, entry, "%s has token %d, %d was there before", entry.token(), before);
    }
    highest.merge(entry.limit(), entry.token(), Math::max);
    var hold = new Hold(entry);
    open.put(key, hold);
    holds.computeIfAbsent(entry.limit(), limit -> new ArrayList<>()).add(hold);
  }

  private void gone(Key key, SlotEntry entry) {
    var hold = open.remove(key);
    if (hold != null && hold.until > entry.at()) {
      broken(
          Rule.LEASES_KEPT,
          entry,
          "%s is said to be gone at %d, it lives until %d",
          entry.at(),
          hold.until);
    }
    if (hold != null) {
      hold.until = Math.min(hold.until, entry.at());
    }
  }

  private void broken(Rule rule, SlotEntry entry, String what, Object one, Object other) {
    violations.add(
        new Violation(
            rule, entry.at(), entry.limit() + " " + what.formatted(entry.lease(), one, other)));
  }

  /** Until when a lease surely holds its slots, by what is known at {@code now}; 0: it does not. */
  public long heldUntil(String limit, String lease) {
    var hold = open.get(new Key(limit, lease));
    return hold == null ? 0 : hold.until;
  }

  /** What was broken so far, apart from the limits. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** Everything that was broken, once there are no more entries. */
  public List<Violation> verdict() {
    var all = new ArrayList<>(violations);
    holds.forEach((limit, of) -> overfilled(limit, of, all));
    return all;
  }

  private void overfilled(String limit, List<Hold> of, List<Violation> all) {
    record Change(long at, int slots, String lease) {}
    var changes = new ArrayList<Change>();
    for (var hold : of) {
      if (hold.until > hold.from) {
        changes.add(new Change(hold.from, hold.slots, hold.lease));
        changes.add(new Change(hold.until, -hold.slots, hold.lease));
      }
    }
    changes.sort(Comparator.comparingLong(Change::at).thenComparingInt(Change::slots));
    int taken = 0;
    for (var change : changes) {
      taken += change.slots();
      if (taken > limits.get(limit)) {
        all.add(
            new Violation(
                Rule.WITHIN_LIMIT,
                change.at(),
                "%s: %d slots of %d are held; the last for %s"
                    .formatted(limit, taken, limits.get(limit), change.lease())));
        return;
      }
    }
  }
}

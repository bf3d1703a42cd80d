package io.sluice.load.history;

import io.sluice.load.history.Attempt.Outcome;
import io.sluice.load.history.Entry.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a log says about slots that are asked for by the names of their limits. */
public final class SlotHistory {
  private static final int LOCKED = 423;
  private static final long SECOND = 1_000_000_000L;

  private final History history;
  private final List<Attempt> attempts;
  private final Map<String, Tenure> tenures = new LinkedHashMap<>();
  private final List<Count> counts = new ArrayList<>();

  /**
   * How many slots of a limit were taken at some moment between the two times.
   *
   * @param taken as the server counts them
   */
  public record Count(String limit, long sentNanos, long answeredNanos, int taken) {}

  private SlotHistory(History history) {
    this.history = history;
    this.attempts = List.copyOf(attempts(history));
    for (var attempt : attempts) {
      if (attempt.isGranted() && attempt.lease() != null) {
        tenures.putIfAbsent(attempt.lease(), new Tenure(attempt));
      }
    }
    readLeases();
    readCounts();
  }

  public static SlotHistory of(History history) {
    return new SlotHistory(history);
  }

  private record Key(long call, int attempt) {}

  private static Key key(Entry entry) {
    return new Key(entry.call(), entry.attempt());
  }

  private static List<Attempt> attempts(History history) {
    var ends = new HashMap<Key, Entry>();
    var sent = new ArrayList<Entry>();
    var first = new HashMap<Long, Long>();
    for (var entry : history.entries()) {
      if (entry.op() == Op.ACQUIRE && entry.kind() == Kind.SENT) {
        sent.add(entry);
        first.putIfAbsent(entry.call(), entry.atNanos());
      } else if (entry.op() == Op.ACQUIRE) {
        ends.put(key(entry), entry);
      }
    }
    return sent.stream().map(s -> attempt(s, first.get(s.call()), ends.get(key(s)))).toList();
  }

  private static Attempt attempt(Entry sent, long first, Entry end) {
    var granted = end != null && end.isSuccess() ? end.slots() : null;
    return new Attempt(
        sent.call(),
        sent.actor(),
        sent.slots(),
        first,
        sent.atNanos(),
        end == null ? Long.MAX_VALUE : end.atNanos(),
        outcome(end),
        granted == null ? null : granted.lease(),
        granted == null || granted.tokens() == null ? Map.of() : granted.tokens());
  }

  private static Outcome outcome(Entry end) {
    if (end == null) {
      return Outcome.OPEN;
    }
    if (end.isSuccess()) {
      return Outcome.GRANTED;
    }
    return end.kind() == Kind.ANSWERED && end.status() == LOCKED ? Outcome.DENIED : Outcome.LOST;
  }

  private void readLeases() {
    var sent = new HashMap<Key, Long>();
    for (var entry : history.entries()) {
      var tenure = entry.slots() == null ? null : tenures.get(entry.slots().lease());
      if (tenure == null) {
        continue;
      }
      if (entry.op() == Op.RELEASE) {
        tenure.released(entry);
      } else if (entry.op() == Op.RENEW && entry.kind() == Kind.SENT) {
        sent.put(key(entry), entry.atNanos());
      } else if (entry.op() == Op.RENEW && entry.isSuccess()) {
        tenure.renewed(sent.get(key(entry)) + entry.slots().leaseSeconds() * SECOND);
      }
    }
  }

  private void readCounts() {
    var sent = new HashMap<Key, Long>();
    for (var entry : history.entries()) {
      if (entry.op() == Op.COUNT && entry.kind() == Kind.SENT) {
        sent.put(key(entry), entry.atNanos());
      } else if (entry.op() == Op.COUNT && entry.isSuccess()) {
        var limit = entry.slots().limits().get(0);
        counts.add(new Count(limit, sent.get(key(entry)), entry.atNanos(), entry.slots().taken()));
      }
    }
  }

  /** In the order in which they were sent. */
  public List<Attempt> attempts() {
    return attempts;
  }

  public List<Count> counts() {
    return List.copyOf(counts);
  }

  /** Every lease that somebody was told of, in the order in which they were asked for. */
  List<Tenure> tenures() {
    return List.copyOf(tenures.values());
  }

  /** Null if nobody was granted it. */
  Tenure tenure(String lease) {
    return tenures.get(lease);
  }

  List<Entry> entries() {
    return history.entries();
  }

  /** Who was to go on until it is granted, and is not when the log ends; by call. */
  Map<Long, Attempt> unserved(Set<String> gone) {
    var last = new TreeMap<Long, Attempt>();
    attempts.forEach(attempt -> last.put(attempt.call(), attempt));
    last.values()
        .removeIf(
            attempt ->
                attempt.isGranted()
                    || gone.contains(attempt.actor())
                    || !attempt.asked().patient());
    return last;
  }

  /** When slots of {@code limit} were granted, by the clock of those who got them; in order. */
  public List<Long> grants(String limit) {
    return attempts.stream()
        .filter(attempt -> attempt.isGranted() && attempt.names(limit))
        .map(Attempt::endNanos)
        .sorted()
        .toList();
  }

  /** Calls that got an answer of whatever kind. */
  public long operations() {
    var answered = new HashSet<Long>();
    for (var entry : history.entries()) {
      if (entry.kind() == Kind.ANSWERED) {
        answered.add(entry.call());
      }
    }
    return answered.size();
  }

  /** Requests that were not answered, or answered with 5xx, between the two times. */
  public long failures(long fromNanos, long toNanos) {
    return history.count(
        entry ->
            entry.atNanos() >= fromNanos
                && entry.atNanos() <= toNanos
                && (entry.kind() == Kind.LOST
                    || entry.kind() == Kind.ANSWERED && entry.status() / 100 == 5));
  }
}

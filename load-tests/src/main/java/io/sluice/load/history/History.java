package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The log of a test, in the order of its clock, and the plain facts in it.
 *
 * @param entries ordered by {@code atNanos}
 */
public record History(List<Entry> entries) {

  public History {
    entries = List.copyOf(entries);
  }

  /** Without what is about slots that are asked for by the names of their limits. */
  public History ofRuns() {
    return new History(entries.stream().filter(entry -> entry.slots() == null).toList());
  }

  /** The runs whose creation was acknowledged, with the time of that. */
  public Map<String, Long> created() {
    var created = new LinkedHashMap<String, Long>();
    for (var entry : entries) {
      if (entry.op() == Op.CREATE && entry.isSuccess() && entry.run() != null) {
        created.putIfAbsent(entry.run(), entry.atNanos());
      }
    }
    return created;
  }

  /** Creations asked for whose outcome nobody knows: each may have left a run or not. */
  public long creationsInDoubt() {
    var open = new LinkedHashSet<Long>();
    for (var entry : entries) {
      if (entry.op() == Op.CREATE && entry.kind() == Kind.SENT) {
        open.add(entry.call());
      } else if (entry.op() == Op.CREATE && entry.isSuccess()) {
        open.remove(entry.call());
      }
    }
    return open.size();
  }

  /** For each run, the calls by which somebody was told to run it: more than one is too many. */
  public Map<String, Set<Long>> executions() {
    return granted(Op.RUNNING, "RUNNING");
  }

  /** For each run, the calls by which somebody was told that it is completed. */
  public Map<String, Set<Long>> completions() {
    return granted(Op.COMPLETED, "COMPLETED");
  }

  private Map<String, Set<Long>> granted(Op op, String type) {
    var calls = new LinkedHashMap<String, Set<Long>>();
    for (var entry : entries) {
      if (entry.grants(op, type)) {
        calls.computeIfAbsent(entry.run(), run -> new LinkedHashSet<>()).add(entry.call());
      }
    }
    return calls;
  }

  /** Runs whose worker was told that they are cancelled. */
  public Set<String> cancelled() {
    var cancelled = new LinkedHashSet<String>();
    for (var entry : entries) {
      if (entry.op().isProposal() && entry.isSuccess() && "CANCELLED".equals(entry.state())) {
        cancelled.add(entry.run());
      }
    }
    return cancelled;
  }

  /** Who was told to run {@code run}, in order. */
  public Set<String> runners(String run) {
    var actors = new LinkedHashSet<String>();
    for (var entry : entries) {
      if (run.equals(entry.run()) && entry.grants(Op.RUNNING, "RUNNING")) {
        actors.add(entry.actor());
      }
    }
    return actors;
  }

  /** All times for which runs surely held slots, by their beginning. */
  public List<Hold> holds() {
    var open = new HashMap<String, Entry>();
    var lastAsked = new HashMap<String, Entry>();
    var holds = new ArrayList<Hold>();
    for (var entry : entries) {
      if (entry.grants(Op.PENDING, "PENDING")) {
        open.putIfAbsent(entry.run(), entry);
      } else if (entry.op() == Op.RUNNING && entry.kind() == Kind.SENT) {
        lastAsked.put(entry.run(), entry);
      }
      if (mayEnd(entry) && open.containsKey(entry.run())) {
        var end = entry.kind() == Kind.SENT ? entry : lastAsked.get(entry.run());
        holds.add(hold(open.remove(entry.run()), end.atNanos()));
      }
    }
    long end = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).atNanos();
    open.values().forEach(entry -> holds.add(hold(entry, end)));
    holds.sort(Comparator.comparingLong(Hold::fromNanos));
    return List.copyOf(holds);
  }

  /** The end is asked for, or the run turns out not to be allowed to run. */
  private static boolean mayEnd(Entry entry) {
    return entry.op() == Op.COMPLETED && entry.kind() == Kind.SENT
        || entry.op() == Op.RUNNING
            && entry.isSuccess()
            && "REJECT".equals(entry.verdict())
            && !"RUNNING".equals(entry.state())
            && !"PENDING".equals(entry.state());
  }

  private static Hold hold(Entry granted, long toNanos) {
    return new Hold(
        granted.run(), granted.actor(), granted.atNanos(), Math.max(granted.atNanos(), toNanos));
  }

  /** The most runs that surely held slots at one moment. */
  public int peak() {
    var changes = new ArrayList<long[]>();
    for (var hold : holds()) {
      changes.add(new long[] {hold.fromNanos(), 1});
      changes.add(new long[] {hold.toNanos(), -1});
    }
    changes.sort(
        Comparator.<long[]>comparingLong(change -> change[0])
            .thenComparingLong(change -> change[1]));
    int now = 0;
    int peak = 0;
    for (var change : changes) {
      now += (int) change[1];
      peak = Math.max(peak, now);
    }
    return peak;
  }

  /** The times of the entries that {@code which} picks, in order. */
  public List<Long> times(Predicate<Entry> which) {
    return entries.stream().filter(which).map(Entry::atNanos).toList();
  }

  public long count(Predicate<Entry> which) {
    return entries.stream().filter(which).count();
  }
}

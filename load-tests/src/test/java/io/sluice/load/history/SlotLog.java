package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes histories of slots for tests, ten milliseconds per entry unless said otherwise. Tokens
 * rise by themselves; leases are named by who is granted them.
 */
final class SlotLog {
  static final String NODE = "node-1";
  static final int LEASE_SECONDS = 60;
  private static final long MILLI = 1_000_000;

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Slots> asked = new HashMap<>();
  private final Map<String, Long> calls = new HashMap<>();
  private long tokens;
  private long lastCall;
  private long now;

  SlotLog at(double seconds) {
    now = (long) (seconds * 1e9);
    return this;
  }

  /** Asks and is granted at once. */
  SlotLog grant(String who, String... limits) {
    return ask(who, limits).granted(who);
  }

  SlotLog ask(String who, String... limits) {
    return ask(who, NODE, true, limits);
  }

  SlotLog ask(String who, String node, boolean patient, String... limits) {
    calls.put(who, ++lastCall);
    return askAgain(who, Slots.asked(node, List.of(limits), patient, LEASE_SECONDS));
  }

  SlotLog askAgain(String who) {
    return askAgain(who, asked.get(who));
  }

  private SlotLog askAgain(String who, Slots slots) {
    asked.put(who, slots);
    return add(Kind.SENT, calls.get(who), who, Op.ACQUIRE, null, slots);
  }

  SlotLog granted(String who) {
    return granted(who, ++tokens);
  }

  SlotLog granted(String who, long token) {
    var ofEach = new HashMap<String, Long>();
    asked.get(who).limits().forEach(limit -> ofEach.put(limit, token));
    return granted(who, "lease of " + who, ofEach);
  }

  SlotLog granted(String who, String lease, Map<String, Long> tokens) {
    return answered(Op.ACQUIRE, who, 200, asked.get(who).granted(lease, tokens));
  }

  SlotLog denied(String who) {
    return answered(Op.ACQUIRE, who, 423, asked.get(who));
  }

  SlotLog lost(String who) {
    return add(Kind.LOST, calls.get(who), who, Op.ACQUIRE, null, asked.get(who));
  }

  SlotLog release(String who) {
    return releaseSent(who).releaseAnswered(who);
  }

  SlotLog releaseSent(String who) {
    calls.put(who, ++lastCall);
    return add(Kind.SENT, lastCall, who, Op.RELEASE, null, lease(who));
  }

  SlotLog releaseAnswered(String who) {
    return answered(Op.RELEASE, who, 204, lease(who));
  }

  SlotLog renew(String who, int status) {
    calls.put(who, ++lastCall);
    add(Kind.SENT, lastCall, who, Op.RENEW, null, lease(who));
    return answered(Op.RENEW, who, status, lease(who));
  }

  SlotLog count(String limit, int taken) {
    calls.put("counter", ++lastCall);
    add(Kind.SENT, lastCall, "counter", Op.COUNT, null, Slots.counted(NODE, limit, null));
    return answered(Op.COUNT, "counter", 200, Slots.counted(NODE, limit, taken));
  }

  private Slots lease(String who) {
    return Slots.held(NODE, asked.get(who).limits(), "lease of " + who, LEASE_SECONDS);
  }

  private SlotLog answered(Op op, String who, int status, Slots slots) {
    return add(Kind.ANSWERED, calls.get(who), who, op, status, slots);
  }

  /** Attempts of a call are told apart by how many of it there are. */
  private SlotLog add(Kind kind, long call, String who, Op op, Integer status, Slots slots) {
    int sent =
        (int) entries.stream().filter(e -> e.call() == call && e.kind() == Kind.SENT).count();
    int attempt = kind == Kind.SENT ? sent + 1 : sent;
    entries.add(
        new Entry(now, kind, call, attempt, who, op, null, status, null, null, null, slots));
    now += 10 * MILLI;
    return this;
  }

  SlotHistory end() {
    return SlotHistory.of(new History(entries));
  }
}

package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import java.util.ArrayList;
import java.util.List;

/** Writes histories for tests, a millisecond per entry unless said otherwise. */
final class Log {
  private static final long MILLI = 1_000_000;

  private final List<Entry> entries = new ArrayList<>();
  private long calls;
  private long now;

  Log at(long millis) {
    now = millis * MILLI;
    return this;
  }

  Log created(String run) {
    long call = asked(Op.CREATE, "submitter", null);
    return answered(call, Op.CREATE, "submitter", run, 201, null, null);
  }

  Log creationUnanswered() {
    return lost(asked(Op.CREATE, "submitter", null), Op.CREATE, "submitter", null);
  }

  Log pending(String worker, String run) {
    return proposed(worker, Op.PENDING, run, "ACCEPT", "PENDING");
  }

  Log running(String worker, String run) {
    return proposed(worker, Op.RUNNING, run, "ACCEPT", "RUNNING");
  }

  Log completed(String worker, String run) {
    return proposed(worker, Op.COMPLETED, run, "ACCEPT", "COMPLETED");
  }

  Log proposed(String worker, Op op, String run, String verdict, String state) {
    long call = asked(op, worker, run);
    return answered(call, op, worker, run, 201, verdict, state);
  }

  /** A proposal whose first answer is lost and whose repetition finds the state taken already. */
  Log takenAtSecondAttempt(String worker, Op op, String run) {
    long call = asked(op, worker, run);
    lost(call, op, worker, run);
    return answered(call, op, worker, run, 200, "REJECT", op.name());
  }

  Log renewed(String worker, String run, int status) {
    long call = asked(Op.RENEW, worker, run);
    return answered(call, Op.RENEW, worker, run, status, null, null);
  }

  /** The whole way of a run that nothing happens to. */
  Log ran(String worker, String run) {
    return pending(worker, run).running(worker, run).completed(worker, run);
  }

  long asked(Op op, String actor, String run) {
    long call = ++calls;
    add(Kind.SENT, call, actor, op, run, null, null, null);
    return call;
  }

  Log answered(
      long call, Op op, String actor, String run, int status, String verdict, String state) {
    return add(Kind.ANSWERED, call, actor, op, run, status, verdict, state);
  }

  Log lost(long call, Op op, String actor, String run) {
    return add(Kind.LOST, call, actor, op, run, null, null, null);
  }

  private Log add(
      Kind kind,
      long call,
      String actor,
      Op op,
      String run,
      Integer status,
      String verdict,
      String state) {
    entries.add(new Entry(now, kind, call, 1, actor, op, run, status, verdict, state, null, null));
    now += MILLI;
    return this;
  }

  History end() {
    return new History(entries);
  }
}

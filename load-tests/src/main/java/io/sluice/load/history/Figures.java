package io.sluice.load.history;

import io.sluice.load.history.Entry.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * What a burst amounts to.
 *
 * @param created runs whose creation was acknowledged
 * @param creation from the first creation sent to the last one acknowledged
 * @param makespan from the first creation sent to the last completion acknowledged
 * @param ideal the makespan of a server that costs nothing: every slot always held
 * @param slotIdle from the request that gives a slot back to the next worker's grant of PENDING,
 *     while a run that was created waited
 * @param betweenFlows from the request that gives a slot back to the start of the next flow: as
 *     above, with the way from PENDING to RUNNING
 * @param peak the most runs that held a slot at once
 * @param requests sent, retries included, by what they ask
 * @param failures answers that are no success, and answers that never came, by kind
 */
public record Figures(
    int created,
    int completed,
    int cancelled,
    Duration creation,
    Duration makespan,
    Duration ideal,
    Spread slotIdle,
    Spread betweenFlows,
    Spread createLatency,
    int peak,
    long waits,
    long rejects,
    long aborts,
    Map<Op, Long> requests,
    Map<String, Long> failures) {

  /** Percentiles in milliseconds; all 0 without samples. */
  public record Spread(long samples, double p50, double p99, double max) {
    private static final double NANOS = 1e6;

    /** Nanoseconds, each at least 0; kept to three digits. */
    static Spread of(List<Long> nanos) {
      var histogram = new Histogram(3);
      nanos.forEach(value -> histogram.recordValue(Math.max(0, value)));
      return new Spread(
          histogram.getTotalCount(),
          histogram.getValueAtPercentile(50) / NANOS,
          histogram.getValueAtPercentile(99) / NANOS,
          histogram.getMaxValue() / NANOS);
    }
  }

  /**
   * @param limit slots
   * @param hold how long each run keeps its slot once it runs
   */
  public static Figures of(History history, int limit, Duration hold) {
    var created = history.created();
    var created0 = history.times(entry -> entry.op() == Op.CREATE && entry.kind() == Kind.SENT);
    long began = created0.isEmpty() ? 0 : created0.get(0);
    var ready = created.values().stream().sorted().toList();
    var ends = firsts(history, entry -> entry.op() == Op.COMPLETED && entry.kind() == Kind.SENT);
    var done = firsts(history, entry -> entry.grants(Op.COMPLETED, "COMPLETED"));
    var claims = firsts(history, entry -> entry.grants(Op.PENDING, "PENDING"));
    var starts = firsts(history, entry -> entry.grants(Op.RUNNING, "RUNNING"));
    int cancelled = history.cancelled().size();
    return new Figures(
        created.size(),
        done.size(),
        cancelled,
        since(began, ready),
        since(began, done),
        hold.multipliedBy(Math.max(0, created.size() - cancelled)).dividedBy(limit),
        Spread.of(gaps(ends, claims, ready, limit)),
        Spread.of(gaps(ends, starts, ready, limit)),
        Spread.of(createLatencies(history)),
        history.peak(),
        verdicts(history, "WAIT"),
        verdicts(history, "REJECT"),
        verdicts(history, "ABORT"),
        requests(history),
        failures(history));
  }

  private static Duration since(long began, List<Long> times) {
    return times.isEmpty() ? Duration.ZERO : Duration.ofNanos(times.get(times.size() - 1) - began);
  }

  /** For each run, when the first entry that {@code which} picks came; in order of time. */
  private static List<Long> firsts(History history, java.util.function.Predicate<Entry> which) {
    var byRun = new TreeMap<String, Long>();
    for (var entry : history.entries()) {
      if (which.test(entry)) {
        byRun.putIfAbsent(entry.run(), entry.atNanos());
      }
    }
    return byRun.values().stream().sorted().toList();
  }

  /**
   * The k-th end frees the slot that the (k + limit)-th start takes. The slot is idle in between,
   * but not for want of a server before that many runs were there.
   */
  static List<Long> gaps(List<Long> ends, List<Long> starts, List<Long> ready, int limit) {
    var gaps = new ArrayList<Long>();
    for (int k = 0; k < ends.size() && k + limit < starts.size(); k++) {
      long there = k + limit < ready.size() ? ready.get(k + limit) : ends.get(k);
      gaps.add(starts.get(k + limit) - Math.max(ends.get(k), there));
    }
    return gaps;
  }

  private static List<Long> createLatencies(History history) {
    var sent = new TreeMap<Long, Long>();
    var latencies = new ArrayList<Long>();
    for (var entry : history.entries()) {
      if (entry.op() == Op.CREATE && entry.kind() == Kind.SENT) {
        sent.putIfAbsent(entry.call(), entry.atNanos());
      } else if (entry.op() == Op.CREATE && entry.isSuccess()) {
        latencies.add(entry.atNanos() - sent.getOrDefault(entry.call(), entry.atNanos()));
      }
    }
    return latencies;
  }

  private static long verdicts(History history, String verdict) {
    return history.count(entry -> verdict.equals(entry.verdict()));
  }

  private static Map<Op, Long> requests(History history) {
    var requests = new EnumMap<Op, Long>(Op.class);
    for (var entry : history.entries()) {
      if (entry.kind() == Kind.SENT) {
        requests.merge(entry.op(), 1L, Long::sum);
      }
    }
    return requests;
  }

  private static Map<String, Long> failures(History history) {
    var failures = new TreeMap<String, Long>();
    for (var entry : history.entries()) {
      if (entry.kind() == Kind.ANSWERED && !entry.isSuccess()) {
        failures.merge(entry.op() + " " + entry.status(), 1L, Long::sum);
      } else if (entry.kind() == Kind.LOST) {
        failures.merge(entry.op() + " unanswered", 1L, Long::sum);
      }
    }
    return failures;
  }
}

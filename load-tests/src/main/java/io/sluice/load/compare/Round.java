package io.sluice.load.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of one round on one server.
 *
 * @param figures by name, with its unit at its end; in the order in which they are shown
 * @param times what the percentiles among the figures come from, in nanoseconds
 * @param held who held a slot when; empty where that is not what is measured
 * @param limit slots that {@code held} shares
 * @param faults what the server did wrong, one sentence each
 */
public record Round(
    Map<String, Double> figures,
    Map<String, Histogram> times,
    List<Held> held,
    int limit,
    List<String> faults) {

  /** Collects a round. */
  public static final class Builder {
    private final Map<String, Double> figures = new LinkedHashMap<>();
    private final Map<String, Histogram> times = new LinkedHashMap<>();
    private final List<String> faults = new ArrayList<>();
    private List<Held> held = List.of();
    private int limit;

    public Builder put(String name, double value) {
      figures.put(name, value);
      return this;
    }

    /** Three figures, {@code …_p50_ms}, {@code …_p99_ms} and {@code …_max_ms}, and their curve. */
    public Builder times(String name, Histogram nanos) {
      var spread = SlotUse.spread(nanos);
      times.put(name, nanos);
      return put(name + "_p50_ms", spread[0])
          .put(name + "_p99_ms", spread[1])
          .put(name + "_max_ms", spread[2]);
    }

    public Builder fault(String what) {
      faults.add(what);
      return this;
    }

    /** Who held a slot when, in order of the grants, for the timeline. */
    public Builder held(List<Held> all, int slots) {
      held = List.copyOf(all);
      limit = slots;
      return this;
    }

    /** What was counted: requests, refusals, errors by kind. */
    Builder counts(Counts counts) {
      put("denied_423", counts.deniedTimes()).put("requests", counts.requests());
      counts.errors().forEach((kind, times) -> put("errors_" + kind, times));
      if (counts.gaveUpTimes() > 0) {
        fault("%d requests failed for good".formatted(counts.gaveUpTimes()));
      }
      return this;
    }

    public Round build() {
      return new Round(
          Collections.unmodifiableMap(figures),
          Collections.unmodifiableMap(times),
          held,
          limit,
          List.copyOf(faults));
    }
  }
}

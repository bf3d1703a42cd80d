package io.sluice.metric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one set of labels. What they say is asked of their members when the registry is
 * read, so that a change of a member costs nothing here. They leave the registry with {@link
 * #remove}.
 *
 * @param <M> what is measured
 */
final class Series<M> {
  private final MeterRegistry registry;
  private final Tags tags;
  private final Set<M> members = ConcurrentHashMap.newKeySet();
  private final List<Total> totals = new ArrayList<>();
  private final List<Meter> meters = new ArrayList<>();

  Series(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
  }

  /** A sum that never falls: what members had when they left stays in it. */
  private final class Total {
    private final ToDoubleFunction<M> ofMember;
    private double left;
    private double highest;

    Total(ToDoubleFunction<M> ofMember) {
      this.ofMember = ofMember;
    }

    double value() {
      synchronized (Series.this) {
        highest = Math.max(highest, left + sum(ofMember));
        return highest;
      }
    }
  }

  /** The sum over the members, now. */
  Series<M> gauge(String name, String meaning, ToDoubleFunction<M> ofMember) {
    return gauge(name, meaning, Tags.empty(), ofMember);
  }

  Series<M> gauge(String name, String meaning, Tags more, ToDoubleFunction<M> ofMember) {
    meters.add(
        Gauge.builder(name, this, series -> series.sum(ofMember))
            .description(meaning)
            .tags(tags.and(more))
            .register(registry));
    return this;
  }

  /** The largest of the members' values in seconds, now; 0 without members. */
  Series<M> longest(String name, String meaning, ToDoubleFunction<M> ofMember) {
    meters.add(
        Gauge.builder(
                name, this, series -> series.members.stream().mapToDouble(ofMember).max().orElse(0))
            .description(meaning)
            .baseUnit("seconds")
            .tags(tags)
            .register(registry));
    return this;
  }

  /**
   * The sum over the members since there is this series.
   *
   * @param unit null for a number of things
   */
  Series<M> counter(
      String name, String meaning, String unit, Tags more, ToDoubleFunction<M> ofMember) {
    var total = new Total(ofMember);
    totals.add(total);
    meters.add(
        FunctionCounter.builder(name, total, Total::value)
            .description(meaning)
            .baseUnit(unit)
            .tags(tags.and(more))
            .register(registry));
    return this;
  }

  private double sum(ToDoubleFunction<M> ofMember) {
    return members.stream().mapToDouble(ofMember).sum();
  }

  synchronized void join(M member) {
    members.add(member);
  }

  /**
   * @return whether nobody is left
   */
  synchronized boolean leave(M member) {
    if (members.remove(member)) {
      totals.forEach(total -> total.left += total.ofMember.applyAsDouble(member));
    }
    return members.isEmpty();
  }

  void remove() {
    meters.forEach(registry::remove);
  }
}

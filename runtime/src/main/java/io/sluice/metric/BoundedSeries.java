package io.sluice.metric;

import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * {@link Series} by their labels. At most so many exist at a time, first come, first served;
 * whoever comes later belongs to one series for all others until it leaves. The place of a series
 * without members is free, and nothing of it stays in the registry.
 *
 * @param <M> what is measured
 */
final class BoundedSeries<M> {
  private final int max;
  private final Function<Tags, Series<M>> register;
  private final Tags other;
  private final Map<Tags, Series<M>> byTags = new HashMap<>();
  private Series<M> ofOthers;

  /**
   * @param max how many have labels of their own
   * @param register makes the meters for labels
   * @param other the labels of all others together
   */
  BoundedSeries(int max, Tags other, Function<Tags, Series<M>> register) {
    this.max = max;
    this.other = other;
    this.register = register;
  }

  synchronized void join(Tags tags, M member) {
    var own = byTags.get(tags);
    if (own == null && byTags.size() < max) {
      own = register.apply(tags);
      byTags.put(tags, own);
    }
    if (own == null && ofOthers == null) {
      ofOthers = register.apply(other);
    }
    (own == null ? ofOthers : own).join(member);
  }

  /** Without effect if {@code member} has not joined under {@code tags}. */
  synchronized void leave(Tags tags, M member) {
    var own = byTags.get(tags);
    if (own != null && own.leave(member)) {
      own.remove();
      byTags.remove(tags);
    }
    if (ofOthers != null) {
      // Stays when it is empty: its counters go on when the next one comes.
      ofOthers.leave(member);
    }
  }

  synchronized int size() {
    return byTags.size();
  }
}

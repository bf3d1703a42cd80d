package io.sluice.metric;

import io.micrometer.core.instrument.Tags;
import io.sluice.queue.QueueMeter;
import io.sluice.queue.QueuedRuns;
import java.time.Duration;

/** One work queue whose owner is on this node; see {@link MeasuredLimit}. */
final class MeasuredQueue implements QueueMeter {
  private final QueueMeters all;
  private volatile QueuedRuns runs;
  private volatile long arrivals;
  private volatile long dispatches;
  private String label;
  private Tags tags;

  MeasuredQueue(QueueMeters all) {
    this.all = all;
  }

  @Override
  public void known(String label, QueuedRuns runs) {
    this.runs = runs;
    if (!label.equals(this.label)) {
      leave();
      this.label = label;
      // Neither name can hold a slash.
      int slash = label.lastIndexOf('/');
      tags = Tags.of("pool", label.substring(0, slash), "queue", label.substring(slash + 1));
      all.series().join(tags, this);
    }
  }

  @Override
  public void arrived() {
    arrivals++;
  }

  @Override
  public void dispatched(Duration wait) {
    dispatches++;
    all.dispatched(wait);
  }

  @Override
  public void left() {
    leave();
    runs = null;
  }

  private void leave() {
    if (label != null) {
      all.series().leave(tags, this);
      label = null;
    }
    arrivals = 0;
    dispatches = 0;
  }

  double depth() {
    var now = runs;
    return now == null ? 0 : now.due(null, all.now(), Integer.MAX_VALUE).size();
  }

  double running() {
    var now = runs;
    return now == null ? 0 : now.occupying().size();
  }

  double oldestWait() {
    var now = runs;
    var first = now == null ? null : now.due(null, all.now(), 1);
    return first == null || first.isEmpty()
        ? 0
        : Duration.between(first.get(0).due(), all.now()).toMillis() / 1e3;
  }

  double arrivals() {
    return arrivals;
  }

  double dispatches() {
    return dispatches;
  }
}

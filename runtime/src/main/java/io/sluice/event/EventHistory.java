package io.sluice.event;

import io.sluice.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The stored events of all nodes. What this node has taken is in it when it is asked. */
public final class EventHistory {
  private final Store store;
  private final EventLog log;

  public EventHistory(Store store, EventLog log) {
    this.store = store;
    this.log = log;
  }

  /** Some of the events that fit, and how many there are in all. */
  public record Part(List<Event> events, int total) {}

  public CompletableFuture<Part> part(EventQuery query, int limit, int offset) {
    return log.flush()
        .thenCompose(
            flushed ->
                store.read(
                    sql -> {
                      if (query.isPlain()) {
                        return new Part(
                            EventRows.page(sql, query, limit, offset), EventRows.count(sql, query));
                      }
                      var found = new ArrayList<Event>();
                      var total = new int[1];
                      EventRows.scan(
                          sql,
                          query,
                          event -> {
                            if (total[0] >= offset && found.size() < limit) {
                              found.add(event);
                            }
                            total[0]++;
                          });
                      return new Part(found, total[0]);
                    }));
  }

  /** At most {@code max} of the events that fit, the newest first. */
  CompletableFuture<List<Event>> newest(EventFilter filter, int max) {
    return part(EventQuery.of(filter), max, 0).thenApply(Part::events);
  }

  /** Counts all events that fit. */
  public CompletableFuture<List<EventCounts.Count>> count(EventQuery query, EventCounts.By by) {
    var counts = new EventCounts(by);
    return each(query, counts::add).thenApply(done -> counts.all());
  }

  /** Counts all events that fit in each of the spans. */
  public CompletableFuture<List<TimeBuckets.Bucket>> count(EventQuery query, TimeBuckets buckets) {
    return each(query, buckets::add).thenApply(done -> buckets.all());
  }

  private CompletableFuture<Void> each(EventQuery query, Consumer<Event> found) {
    return log.flush()
        .thenCompose(
            flushed ->
                store.read(
                    sql -> {
                      EventRows.scan(sql, query, found);
                      return null;
                    }));
  }
}

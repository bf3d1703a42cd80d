package io.sluice.event;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How many events there were of each name, or of each resource. */
public final class EventCounts {
  /** What events are counted by. */
  public enum By {
    EVENT,
    RESOURCE
  }

  /**
   * The events of one value.
   *
   * @param label how the latest of them calls it
   */
  public record Count(String value, String label, int count, Instant first, Instant last) {
    private Count and(Event event, String itsLabel) {
      boolean later = !event.occurred().isBefore(last);
      return new Count(
          value,
          later ? itsLabel : label,
          count + 1,
          event.occurred().isBefore(first) ? event.occurred() : first,
          later ? event.occurred() : last);
    }
  }

  private final By by;
  private final Map<String, Count> counts = new HashMap<>();

  EventCounts(By by) {
    this.by = by;
  }

  void add(Event event) {
    var value = by == By.EVENT ? event.event() : event.resourceId();
    var label = by == By.EVENT ? value : label(event.resource(), value);
    counts.merge(
        value,
        new Count(value, label, 1, event.occurred(), event.occurred()),
        (before, first) -> before.and(event, label));
  }

  private static String label(Map<String, String> resource, String id) {
    return resource.getOrDefault(Event.NAME, resource.getOrDefault("prefect.name", id));
  }

  /** Most first, then by label. */
  public List<Count> all() {
    return counts.values().stream()
        .sorted(Comparator.comparingInt(Count::count).reversed().thenComparing(Count::label))
        .toList();
  }
}

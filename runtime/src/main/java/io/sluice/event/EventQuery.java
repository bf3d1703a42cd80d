package io.sluice.event;

import java.util.List;

/**
 * Which stored events somebody wants, and in which order.
 *
 * @param related for each of these a related resource must fit
 * @param anyResource for each of these the resource or a related one must fit
 * @param oldestFirst by the time at which they occurred; otherwise newest first
 * @param distinct only the first event of each resource, in that order
 */
public record EventQuery(
    EventFilter filter,
    List<ResourceFilter> related,
    List<ResourceFilter> anyResource,
    TextSearch text,
    boolean oldestFirst,
    boolean distinct) {

  /** All that fit a filter, newest first. */
  public static EventQuery of(EventFilter filter) {
    return new EventQuery(filter, List.of(), List.of(), TextSearch.NOTHING, false, false);
  }

  boolean matches(Event event) {
    return filter.matches(event)
        && related.stream().allMatch(wanted -> event.related().stream().anyMatch(wanted::matches))
        && anyResource.stream().allMatch(wanted -> involves(event, wanted))
        && text.matches(event);
  }

  private static boolean involves(Event event, ResourceFilter wanted) {
    return wanted.matches(event.resource()) || event.related().stream().anyMatch(wanted::matches);
  }

  /** Whether the columns of the table alone say which events fit. */
  boolean isPlain() {
    return related.isEmpty()
        && anyResource.isEmpty()
        && text.isEmpty()
        && !distinct
        && filter.anyResourceIds().isEmpty()
        && filter.labels().isEmpty();
  }
}

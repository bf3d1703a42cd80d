package io.sluice.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Which events somebody wants (Prefect 3.8.8, server/events/filters.py). Empty lists and nulls ask
 * for nothing in particular; all that is asked for must hold.
 *
 * @param resourceIds of the event's resource
 * @param anyResourceIds of the resource or a related one
 * @param labels every resource label that is given must have one of the values
 */
public record EventFilter(
    Instant since,
    Instant until,
    List<String> names,
    List<String> prefixes,
    List<String> notNames,
    List<String> notPrefixes,
    List<String> resourceIds,
    List<String> resourceIdPrefixes,
    List<String> anyResourceIds,
    Map<String, List<String>> labels,
    List<UUID> ids) {

  public boolean matches(Event event) {
    return within(event.occurred())
        && named(event.event())
        && about(event)
        && (ids.isEmpty() || ids.contains(event.id()));
  }

  private boolean within(Instant occurred) {
    return (since == null || !occurred.isBefore(since))
        && (until == null || !occurred.isAfter(until));
  }

  private boolean named(String name) {
    boolean wanted =
        names.isEmpty() && prefixes.isEmpty()
            || names.contains(name)
            || prefixes.stream().anyMatch(name::startsWith);
    return wanted && !notNames.contains(name) && notPrefixes.stream().noneMatch(name::startsWith);
  }

  private boolean about(Event event) {
    var id = String.valueOf(event.resourceId());
    boolean own =
        resourceIds.isEmpty() && resourceIdPrefixes.isEmpty()
            || resourceIds.contains(id)
            || resourceIdPrefixes.stream().anyMatch(id::startsWith);
    boolean any =
        anyResourceIds.isEmpty()
            || anyResourceIds.contains(id)
            || event.related().stream()
                .anyMatch(other -> isOne(other.get(Event.ID), anyResourceIds));
    return own
        && any
        && labels.entrySet().stream()
            .allMatch(label -> isOne(event.resource().get(label.getKey()), label.getValue()));
  }

  /** A label that is not there is none of any values. */
  private static boolean isOne(String value, List<String> wanted) {
    return value != null && wanted.contains(value);
  }
}

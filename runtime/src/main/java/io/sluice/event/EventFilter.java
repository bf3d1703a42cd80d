package io.sluice.event;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Which events somebody wants (Prefect 3.8.8, server/events/filters.py). Empty lists and nulls ask
 * for nothing in particular; all that is asked for must hold. Each stored event is compared with
 * the collections: with many values they should be sets.
 *
 * @param resourceIds of the event's resource
 * @param anyResourceIds of the resource or a related one
 * @param labels that the resource must have, see {@link Labels}
 */
public record EventFilter(
    Instant since,
    Instant until,
    Collection<String> names,
    List<String> prefixes,
    Collection<String> notNames,
    List<String> notPrefixes,
    Collection<String> resourceIds,
    List<String> resourceIdPrefixes,
    Collection<String> anyResourceIds,
    Labels labels,
    Collection<UUID> ids) {

  /** Every event. */
  public static final EventFilter ALL =
      new EventFilter(
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          Labels.ANY,
          List.of());

  /** The same, from {@code start} at the earliest. */
  EventFilter notBefore(Instant start) {
    return between(since == null || since.isBefore(start) ? start : since, until);
  }

  /** The same, up to another time. */
  public EventFilter until(Instant end) {
    return between(since, end);
  }

  private EventFilter between(Instant start, Instant end) {
    return new EventFilter(
        start,
        end,
        names,
        prefixes,
        notNames,
        notPrefixes,
        resourceIds,
        resourceIdPrefixes,
        anyResourceIds,
        labels,
        ids);
  }

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
    return own && any && labels.match(event.resource());
  }

  /** A label that is not there is none of any values. */
  private static boolean isOne(String value, Collection<String> wanted) {
    return value != null && wanted.contains(value);
  }
}

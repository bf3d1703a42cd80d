package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.event.EventFilter;
import io.sluice.event.EventQuery;
import io.sluice.event.ResourceFilter;
import io.sluice.event.TextSearch;
import io.sluice.http.Body;
import io.sluice.http.Fault;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads which stored events a client wants (Prefect 3.8.8, server/events/filters.py EventFilter).
 * Parts that are not known do not restrict.
 */
final class EventQueryBody {
  private static final int QUERY_MAX = 200;

  private EventQueryBody() {}

  /**
   * @param now what has not occurred yet is not wanted, unless the filter says until when
   */
  static EventQuery read(Body filter, Instant now) {
    filter.notNull("order");
    var resource = filter.object("resource");
    resource.ifPresent(r -> r.notNull("distinct"));
    var order = filter.choice("order", List.of("ASC", "DESC")).orElse("DESC");
    return new EventQuery(
        until(EventJson.filter(filter), now),
        resources(filter, "related"),
        resources(filter, "any_resource"),
        filter
            .object("text")
            .map(text -> TextSearch.parse(text.text("query", QUERY_MAX).orElse("")))
            .orElseGet(() -> TextSearch.parse("")),
        order.equals("ASC"),
        resource.flatMap(r -> r.bool("distinct")).orElse(false));
  }

  private static EventFilter until(EventFilter filter, Instant now) {
    return filter.until() != null ? filter : filter.until(now);
  }

  /** One filter or several. */
  private static List<ResourceFilter> resources(Body filter, String field) {
    boolean several = filter.node(field).filter(JsonNode::isArray).isPresent();
    var given =
        several
            ? filter.objects(field).orElse(List.of())
            : filter.object(field).map(List::of).orElse(List.of());
    return given.stream().map(EventQueryBody::resource).toList();
  }

  private static ResourceFilter resource(Body body) {
    return new ResourceFilter(
        EventJson.any(body, "id"),
        Names.few(body, "id_prefix").orElse(List.of()),
        EventJson.any(body, "role"),
        inRoles(body),
        EventJson.labels(Optional.of(body)));
  }

  private static Set<ResourceFilter.InRole> inRoles(Body body) {
    var pairs = new HashSet<ResourceFilter.InRole>();
    var given = body.list("resources_in_roles");
    for (int i = 0; given != null && i < given.size(); i++) {
      var pair = given.get(i);
      if (pair.size() == 2 && pair.path(0).isTextual() && pair.path(1).isTextual()) {
        pairs.add(new ResourceFilter.InRole(pair.get(0).textValue(), pair.get(1).textValue()));
      } else {
        body.wrongInside(
            "resources_in_roles",
            i,
            Fault.of("tuple_type", "Input should be a resource and a role"));
      }
    }
    return pairs;
  }
}

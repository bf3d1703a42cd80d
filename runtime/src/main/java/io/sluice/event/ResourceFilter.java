package io.sluice.event;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Which resources of an event somebody wants (Prefect 3.8.8, server/events/filters.py
 * EventRelatedFilter and EventAnyResourceFilter). Empty lists ask for nothing in particular; all
 * that is asked for must hold of the same resource.
 *
 * @param inRoles ids with the role they must have, in pairs
 */
public record ResourceFilter(
    Collection<String> ids,
    List<String> idPrefixes,
    Collection<String> roles,
    Collection<InRole> inRoles,
    Labels labels) {

  /** A resource in a role. */
  public record InRole(String id, String role) {}

  boolean isEmpty() {
    return ids.isEmpty()
        && idPrefixes.isEmpty()
        && roles.isEmpty()
        && inRoles.isEmpty()
        && labels.isEmpty();
  }

  boolean matches(Map<String, String> resource) {
    var id = resource.getOrDefault(Event.ID, "");
    var role = resource.getOrDefault(Event.ROLE, "");
    return (ids.isEmpty() || ids.contains(id))
        && (idPrefixes.isEmpty() || idPrefixes.stream().anyMatch(id::startsWith))
        && (roles.isEmpty() || roles.contains(role))
        && (inRoles.isEmpty() || inRoles.contains(new InRole(id, role)))
        && labels.match(resource);
  }
}

package io.sluice.notice;

import io.sluice.deployment.Deployment;
import io.sluice.event.Event;
import io.sluice.flow.Flow;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPool;
import io.sluice.run.CreatedBy;
import io.sluice.run.Place;
import io.sluice.task.TaskRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What an event is about besides its resource.
 *
 * @param resources as they stand in the event
 * @param tags that the event takes over
 */
record Other(List<Map<String, String>> resources, List<String> tags) {

  static Other of(Flow flow) {
    return new Other(List.of(named("flow", flow.id(), flow.name())), flow.tags());
  }

  static Other of(Deployment deployment) {
    return new Other(
        List.of(named("deployment", deployment.id(), deployment.spec().name())),
        deployment.spec().tags());
  }

  static Other of(TaskRun task) {
    return new Other(List.of(named("task-run", task.id(), task.spec().name())), task.spec().tags());
  }

  /** Queue and pool; empty if the queue is gone. */
  static Optional<Other> of(Place place, PoolState pool) {
    return pool.queue(place.queueId())
        .map(
            queue ->
                new Other(
                    List.of(named("work-queue", queue.id(), queue.name()), of(pool.pool())),
                    List.of()));
  }

  /** With its type. */
  static Map<String, String> of(WorkPool pool) {
    var resource = named("work-pool", pool.id(), pool.name());
    resource.put("prefect.work-pool.type", pool.type());
    return resource;
  }

  static Map<String, String> named(String role, UUID id, String name) {
    var resource = related("prefect." + role + "." + id, role);
    resource.put(Event.NAME, name);
    return resource;
  }

  /** Empty unless it is a deployment or an automation. */
  static Optional<Map<String, String>> creator(CreatedBy by) {
    if (by == null || !("DEPLOYMENT".equals(by.type()) || "AUTOMATION".equals(by.type()))) {
      return Optional.empty();
    }
    var id = "prefect." + by.type().toLowerCase(Locale.ROOT) + "." + by.id();
    var resource = related(id, "creator");
    if (by.displayValue() != null && !by.displayValue().isEmpty()) {
      resource.put(Event.NAME, by.displayValue());
    }
    return Optional.of(resource);
  }

  /** May be added to. */
  static Map<String, String> related(String id, String role) {
    var resource = new LinkedHashMap<String, String>();
    resource.put(Event.ID, id);
    resource.put(Event.ROLE, role);
    return resource;
  }
}

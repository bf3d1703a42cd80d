package io.sluice.notice;

import com.typesafe.config.Config;
import io.sluice.deployment.Deployments;
import io.sluice.flow.Flows;
import io.sluice.pool.WorkPools;
import io.sluice.run.FlowRun;
import io.sluice.run.Place;
import io.sluice.task.TaskRun;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * What a flow run has to do with: its flow, deployment, queue and pool, the task run that started
 * it, the tags of all these, and who created it (Prefect 3.8.8, server/models/events.py
 * _flow_run_related_resources_from_orm). As there, a change of the others' names and tags is seen
 * after some minutes.
 */
public final class Others {
  private final Remembered<UUID, Other> flows;
  private final Remembered<UUID, Other> deployments;
  private final Remembered<Place, Other> places;
  private final Remembered<UUID, Other> tasks;

  /**
   * @param tasks finds a task run
   * @param event {@code sluice.event}
   */
  public Others(
      Flows flows,
      Deployments deployments,
      WorkPools pools,
      Function<UUID, CompletableFuture<Optional<TaskRun>>> tasks,
      InstantSource clock,
      Config event) {
    var keptFor = event.getDuration("related-kept-for");
    int max = event.getInt("related-kept-max");
    this.flows =
        new Remembered<>(
            id -> flows.find(id).thenApply(flow -> flow.map(Other::of)), clock, keptFor, max);
    this.deployments =
        new Remembered<>(
            id -> deployments.find(id).thenApply(found -> found.map(Other::of)),
            clock,
            keptFor,
            max);
    this.places =
        new Remembered<>(
            place ->
                pools
                    .find(place.poolId())
                    .thenApply(pool -> pool.flatMap(found -> Other.of(place, found))),
            clock,
            keptFor,
            max);
    this.tasks =
        new Remembered<>(
            id -> tasks.apply(id).thenApply(task -> task.map(Other::of)), clock, keptFor, max);
  }

  CompletableFuture<Optional<Other>> flow(UUID id) {
    return flows.get(id);
  }

  /** Queue and pool; empty if there is no place. */
  CompletableFuture<Optional<Other>> at(Place place) {
    return places.get(place);
  }

  /** The related resources of an event about {@code run}, in Prefect's order. */
  CompletableFuture<List<Map<String, String>>> of(FlowRun run) {
    var spec = run.spec();
    var flow = flows.get(spec.flowId());
    var deployment = deployments.get(spec.deploymentId());
    var place = places.get(spec.place());
    var task = tasks.get(spec.parentTaskRunId());
    return CompletableFuture.allOf(flow, deployment, place, task)
        .thenApply(
            all -> {
              var found = new ArrayList<Other>();
              List.of(flow, deployment, place, task)
                  .forEach(other -> other.join().ifPresent(found::add));
              return related(run, found);
            });
  }

  private static List<Map<String, String>> related(FlowRun run, List<Other> others) {
    var related = new ArrayList<Map<String, String>>();
    var tags = new TreeSet<>(run.spec().tags());
    for (var other : others) {
      related.addAll(other.resources());
      tags.addAll(other.tags());
    }
    tags.forEach(tag -> related.add(Other.related("prefect.tag." + tag, "tag")));
    Other.creator(run.spec().createdBy()).ifPresent(related::add);
    return related;
  }
}

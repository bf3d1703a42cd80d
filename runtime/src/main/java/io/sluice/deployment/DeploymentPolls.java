package io.sluice.deployment;

import io.sluice.cluster.Together;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Listings;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.limit.Limits;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunTable;
import io.sluice.run.FlowRuns;
import io.sluice.run.SlotSettings;
import io.sluice.run.StateType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Hands due runs to the process that serves their deployments. It takes one of its few places for a
 * run before it proposes it, so it is given hardly more runs of a limited deployment than can
 * start.
 */
public final class DeploymentPolls {
  private static final int NEXT_IN_LINE = 1;

  private final Deployments deployments;
  private final FlowRuns runs;
  private final Limits limits;
  private final Listings listings;
  private final SlotSettings slots;

  public DeploymentPolls(
      Deployments deployments,
      FlowRuns runs,
      Limits limits,
      Listings listings,
      SlotSettings slots) {
    this.deployments = deployments;
    this.runs = runs;
    this.limits = limits;
    this.listings = listings;
    this.slots = slots;
  }

  /**
   * SCHEDULED runs of {@code ids}, in the order of their times (Prefect 3.8.8, POST
   * /deployments/get_scheduled_flow_runs).
   *
   * @param before null for all runs, due or not
   * @param runner whether the asker runs them; otherwise it just looks
   */
  public CompletableFuture<List<FlowRun>> due(
      List<UUID> ids, Instant before, int limit, boolean runner) {
    ids.forEach(deployments::polled);
    var found =
        listings.list(
            query(ids, before), "NEXT_SCHEDULED_START_TIME_ASC", limit, 0, FlowRunTable.LISTED);
    if (!runner) {
      return found;
    }
    return found.thenCompose(
        due ->
            turns(ids)
                .thenApply(
                    turns -> {
                      var taken = take(due, turns);
                      taken.forEach(run -> runs.offer(run.id(), ""));
                      return taken;
                    }));
  }

  private static Query query(List<UUID> ids, Instant before) {
    var tests = new ArrayList<Filter>();
    tests.add(new Filter.Test("deployment_id", Op.ANY, ids));
    tests.add(new Filter.Test("state.type", Op.ANY, List.of(StateType.SCHEDULED.name())));
    if (before != null) {
      tests.add(new Filter.Test("next_scheduled_start_time", Op.BEFORE, before));
    }
    return new Query(Kind.FLOW_RUN, Map.of(Kind.FLOW_RUN, new Filter.All(tests)));
  }

  /** How many runs of each limited deployment would start soon. */
  private CompletableFuture<Map<UUID, Integer>> turns(List<UUID> ids) {
    var turns = new HashMap<UUID, Integer>();
    return Together.done(ids.stream().map(id -> turnsOf(id, turns)).toList())
        .thenApply(all -> turns);
  }

  private CompletableFuture<Void> turnsOf(UUID deployment, Map<UUID, Integer> turns) {
    return deployments
        .terms(deployment)
        .thenCompose(
            terms ->
                terms.isEmpty() || terms.get().limitId() == null
                    ? CompletableFuture.<Void>completedFuture(null)
                    : limits
                        .outlook(terms.get().limitId(), slots.patience(), NEXT_IN_LINE)
                        .thenAccept(
                            outlook -> {
                              if (outlook.limited()) {
                                synchronized (turns) {
                                  turns.put(deployment, outlook.askers());
                                }
                              }
                            }));
  }

  private static List<FlowRun> take(List<FlowRun> due, Map<UUID, Integer> turns) {
    var left = new HashMap<>(turns);
    var taken = new ArrayList<FlowRun>();
    for (var run : due) {
      var deployment = run.spec().deploymentId();
      if (run.isWaitingForWorker() && left.getOrDefault(deployment, 1) > 0) {
        left.computeIfPresent(deployment, (same, n) -> n - 1);
        taken.add(run);
      }
    }
    return taken;
  }
}

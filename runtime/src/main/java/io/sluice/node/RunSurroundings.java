package io.sluice.node;

import io.sluice.deployment.Deployments;
import io.sluice.limit.Acquisition;
import io.sluice.limit.Claim;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.Limits;
import io.sluice.limit.SlotRequest;
import io.sluice.log.Logs;
import io.sluice.metric.NodeMeters;
import io.sluice.notice.RunEvents;
import io.sluice.queue.QueueRows;
import io.sluice.queue.Sighting;
import io.sluice.queue.WorkQueues;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRuns;
import io.sluice.run.State;
import io.sluice.run.Surroundings;
import io.sluice.run.WakeCall;
import io.sluice.task.TaskCommand;
import io.sluice.task.TaskRuns;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What flow runs ask of the other owners of the cluster. */
final class RunSurroundings implements Surroundings {
  private static final Admission ANYWHERE = new Admission(List.of(), 0);

  private final Limits limits;
  private final WorkQueues queues;
  private final Deployments deployments;
  private final Logs logs;
  private final RunEvents events;
  private final Optional<NodeMeters> meters;
  private TaskRuns tasks;
  private FlowRuns runs;

  RunSurroundings(
      Limits limits,
      WorkQueues queues,
      Deployments deployments,
      Logs logs,
      RunEvents events,
      Optional<NodeMeters> meters) {
    this.limits = limits;
    this.queues = queues;
    this.deployments = deployments;
    this.logs = logs;
    this.events = events;
    this.meters = meters;
  }

  /** Runs ask each other: whoever is made first is told of the others last. */
  void know(TaskRuns tasks, FlowRuns runs) {
    this.tasks = tasks;
    this.runs = runs;
  }

  @Override
  public CompletableFuture<Optional<Terms>> terms(UUID deploymentId) {
    return deployments.terms(deploymentId);
  }

  @Override
  public CompletableFuture<Admission> admit(FlowRun run) {
    return queues
        .admit(run.spec().place().queueId(), run.id(), run.version(), run.spec().deploymentId())
        .thenApply(
            admitted ->
                admitted.map(a -> new Admission(a.limits(), a.priority())).orElse(ANYWHERE));
  }

  @Override
  public CompletableFuture<Void> moved(FlowRun run) {
    return run.spec().place() == null
        ? CompletableFuture.completedFuture(null)
        : queues.moved(run.spec().place(), QueueRows.sighting(run));
  }

  @Override
  public CompletableFuture<Void> removed(FlowRun run) {
    logs.deleteOf(run.id());
    var place = run.spec().place();
    var gone =
        new Sighting(
            run.id(), run.version() + 1, Sighting.Whereabouts.ELSEWHERE, null, null, null, null);
    var left =
        place == null ? CompletableFuture.<Void>completedFuture(null) : queues.moved(place, gone);
    return left.thenCompose(done -> tasks.deleteOf(run.id()));
  }

  @Override
  public CompletableFuture<Boolean> isFull(UUID limitId) {
    return limits
        .get(limitId)
        .thenApply(
            limit -> limit.settings().active() && limit.activeSlots() >= limit.settings().slots())
        .exceptionally(Refused.or(Rejection.LimitNotFound.class, false));
  }

  @Override
  public CompletableFuture<Boolean> isHeld(UUID leaseId) {
    return limits.isHeld(leaseId);
  }

  @Override
  public CompletableFuture<Void> cancelBelow(FlowRun parent) {
    return runs.cancelBelow(parent.id())
        .thenCompose(done -> tasks.cancelOf(parent.id(), WakeCall.PARENT_CANCELLED));
  }

  @Override
  public Acquisition acquire(List<Claim> claims, SlotRequest request, IfBusy ifBusy) {
    return limits.acquire(claims, request, ifBusy);
  }

  @Override
  public CompletableFuture<Void> release(UUID leaseId) {
    return limits.release(leaseId);
  }

  @Override
  public CompletableFuture<Void> release(UUID limitId, UUID leaseId) {
    return limits.release(limitId, leaseId);
  }

  @Override
  public CompletableFuture<Void> renew(UUID leaseId, Duration duration) {
    return limits.renew(leaseId, duration);
  }

  @Override
  public CompletableFuture<Void> unbind(UUID leaseId) {
    return limits.unbind(leaseId);
  }

  @Override
  public CompletableFuture<Void> entered(State before, FlowRun after) {
    events.entered(before, after);
    meters.ifPresent(m -> m.entered(before, after.state()));
    if (after.stateType().isTerminal()) {
      tasks.releaseOf(after.id());
    }
    var parent = after.spec().parentTaskRunId();
    if (parent == null) {
      return CompletableFuture.completedFuture(null);
    }
    var copy = after.state().proposed().with(d -> d.childFlowRunId = after.id());
    return tasks
        .propose(parent, new TaskCommand.Propose(after.state().id(), copy, true, false))
        .handle((done, gone) -> null);
  }
}

package io.sluice.node;

import io.sluice.artifact.Artifacts;
import io.sluice.automation.Automations;
import io.sluice.block.Blocks;
import io.sluice.deployment.BlockDefaults;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentBatches;
import io.sluice.deployment.DeploymentPolls;
import io.sluice.deployment.DeploymentRuns;
import io.sluice.deployment.Deployments;
import io.sluice.deployment.Hydrations;
import io.sluice.deployment.SchedulePlan;
import io.sluice.deployment.ScheduledRuns;
import io.sluice.event.EventHistory;
import io.sluice.event.EventLog;
import io.sluice.event.EventSettings;
import io.sluice.event.Events;
import io.sluice.explain.Explanations;
import io.sluice.filter.Listings;
import io.sluice.flow.Flows;
import io.sluice.graph.RunGraphs;
import io.sluice.limit.Limits;
import io.sluice.log.Logs;
import io.sluice.metric.NodeMeters;
import io.sluice.notice.BlockEvents;
import io.sluice.notice.DeploymentEvents;
import io.sluice.notice.LimitEvents;
import io.sluice.notice.Others;
import io.sluice.notice.PoolEvents;
import io.sluice.notice.RunEvents;
import io.sluice.notice.ThingEvents;
import io.sluice.pool.Polls;
import io.sluice.pool.PoolState;
import io.sluice.pool.Readiness;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.pool.WorkPools;
import io.sluice.queue.WorkQueue;
import io.sluice.queue.WorkQueues;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRunInputs;
import io.sluice.run.FlowRuns;
import io.sluice.run.Histories;
import io.sluice.run.Place;
import io.sluice.run.RunCommand.Obsolete;
import io.sluice.run.SlotSettings;
import io.sluice.run.Tallies;
import io.sluice.search.SavedSearches;
import io.sluice.store.Store;
import io.sluice.task.TaskDraft;
import io.sluice.task.TaskRun;
import io.sluice.task.TaskRuns;
import io.sluice.variable.Variables;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.pekko.actor.typed.ActorSystem;

/** Everything that can be asked of a node: the owners, wherever they are, and what is listed. */
public final class Owners implements AutoCloseable {
  private final Limits limits;
  private final WorkQueues queues;
  private final WorkPools pools;
  private final Polls polls;
  private final Flows flows;
  private final Deployments deployments;
  private final FlowRuns flowRuns;
  private final FlowRunInputs inputs;
  private final Hydrations hydrations;
  private final BlockDefaults blockDefaults;
  private final DeploymentRuns deploymentRuns;
  private final DeploymentBatches deploymentBatches;
  private final DeploymentPolls deploymentPolls;
  private final TaskRuns taskRuns;
  private final Events events;
  private final PoolEvents poolEvents;
  private final DeploymentEvents deploymentEvents;
  private final EventLog eventLog;
  private final EventHistory eventHistory;
  private final Logs logs;
  private final Variables variables;
  private final Artifacts artifacts;
  private final SavedSearches searches;
  private final Blocks blocks;
  private final Automations automations;
  private final Listings listings;
  private final Histories histories;
  private final Tallies tallies;
  private final RunGraphs graphs;
  private final Explanations explanations;
  private final Removals removals;
  private final Alarms alarms;

  /**
   * @param meters empty to measure nothing
   */
  Owners(ActorSystem<?> system, Store store, InstantSource clock, Optional<NodeMeters> meters) {
    var config = system.settings().config().getConfig("sluice");
    this.events = new Events(clock);
    this.eventLog = new EventLog(store, clock, EventSettings.from(config.getConfig("event")));
    this.eventHistory = new EventHistory(store, eventLog);
    events.onPublished(eventLog::add);
    this.poolEvents = new PoolEvents(events);
    this.logs = new Logs(store, clock);
    ClusterNews.connect(system, events, logs);
    this.inputs = new FlowRunInputs(store, clock);
    var told = new ThingEvents(events);
    this.variables = new Variables(store, clock, told::variable);
    this.artifacts = new Artifacts(store, clock, told::latestArtifact);
    this.automations = new Automations(store, clock, told::automation);
    this.searches = new SavedSearches(store, clock);
    this.listings = new Listings(store);
    this.histories = new Histories(store);
    this.blocks =
        new Blocks(store, listings, clock, new BlockEvents(events), config.getConfig("block"));
    this.flows = new Flows(store, clock, told::flow);
    this.limits =
        new Limits(system, store, new LimitEvents(events), clock, NodeMeters.ofLimits(meters));
    this.queues =
        new WorkQueues(system, store, limits, clock, this::runsDue, NodeMeters.ofQueues(meters));
    this.pools = new WorkPools(system, store, queues, this::poolChanged, clock);
    this.deployments =
        new Deployments(
            system,
            store,
            limits,
            flows,
            scheduledRuns(),
            this::deploymentChanged,
            this::lastPolled,
            clock);
    var others =
        new Others(flows, deployments, pools, this::task, clock, config.getConfig("event"));
    this.deploymentEvents = new DeploymentEvents(events, others);
    var surroundings =
        new RunSurroundings(
            limits, queues, deployments, logs, new RunEvents(events, others), meters);
    this.flowRuns = new FlowRuns(system, store, surroundings, clock);
    this.taskRuns =
        new TaskRuns(
            system,
            store,
            limits,
            this::flowFacts,
            clock,
            () -> ThreadLocalRandom.current().nextDouble());
    surroundings.know(taskRuns, flowRuns);
    this.hydrations = new Hydrations(variables);
    this.blockDefaults = new BlockDefaults(blocks.documents());
    this.deploymentRuns =
        new DeploymentRuns(deployments, pools, flowRuns, hydrations, blockDefaults);
    this.deploymentBatches = new DeploymentBatches(deployments, deploymentRuns, flowRuns);
    this.deploymentPolls =
        new DeploymentPolls(
            deployments, flowRuns, limits, listings, SlotSettings.from(config.getConfig("run")));
    this.removals = new Removals(flows, deployments, flowRuns, listings);
    this.tallies = new Tallies(store);
    this.graphs = new RunGraphs(flowRuns, flows, listings, config.getConfig("graph"));
    this.explanations =
        new Explanations(flowRuns, pools, queues, deployments, limits, listings, clock);
    this.alarms = new Alarms(system, store, deployments::wake, flowRuns::wake, pools::wake, clock);
    this.polls =
        new Polls(pools, queues, limits, this::limitOf, flowRuns::isCreating, clock, config);
  }

  /** Deployments schedule runs, and runs ask deployments: the second is asked when it is there. */
  private ScheduledRuns scheduledRuns() {
    return new ScheduledRuns() {
      @Override
      public CompletableFuture<Void> schedule(
          Deployment deployment, List<SchedulePlan.Planned> planned) {
        return deploymentRuns.schedule(deployment, planned);
      }

      @Override
      public CompletableFuture<Void> unschedule(UUID deployment, Obsolete why) {
        return deploymentRuns.unschedule(deployment, why);
      }
    };
  }

  private void runsDue(UUID pool) {
    pools.runsDue(pool);
  }

  /** Deployments are ready when their queue is asked for runs. */
  private void poolChanged(WorkPoolCommand by, PoolState before, PoolState after) {
    poolEvents.changed(by, before, after);
    var turned = Readiness.turned(before, after);
    turned.forEach(deployments::lookAgain);
    var again = Readiness.askedAgain(before, after);
    again.keySet().removeAll(turned);
    if (!again.isEmpty()) {
      deployments.lookAgain(again.keySet(), Collections.min(again.values()));
    }
  }

  private void deploymentChanged(Deployment before, Deployment after) {
    deploymentEvents.changed(before, after);
  }

  private CompletableFuture<Optional<Instant>> lastPolled(Place place) {
    return pools
        .find(place.poolId())
        .thenApply(
            pool -> pool.flatMap(found -> found.queue(place.queueId())).map(WorkQueue::lastPolled));
  }

  private CompletableFuture<Optional<UUID>> limitOf(UUID deployment) {
    return deployments
        .terms(deployment)
        .thenApply(terms -> terms.flatMap(t -> Optional.ofNullable(t.limitId())));
  }

  private CompletableFuture<Optional<TaskRun>> task(UUID id) {
    return Refused.orEmpty(Rejection.NotFound.class, taskRuns.get(id));
  }

  private CompletableFuture<Optional<TaskDraft.FlowFacts>> flowFacts(UUID flowRun) {
    return Refused.orEmpty(
        Rejection.NotFound.class,
        flowRuns
            .get(flowRun)
            .thenApply(
                run ->
                    new TaskDraft.FlowFacts(
                        run.stateType(),
                        run.state().details().pauseTimeout(),
                        run.state().details().pauseReschedule(),
                        run.progress().runCount())));
  }

  public Limits limits() {
    return limits;
  }

  public WorkQueues queues() {
    return queues;
  }

  public WorkPools pools() {
    return pools;
  }

  public Polls polls() {
    return polls;
  }

  public Flows flows() {
    return flows;
  }

  public Deployments deployments() {
    return deployments;
  }

  public FlowRuns flowRuns() {
    return flowRuns;
  }

  public FlowRunInputs inputs() {
    return inputs;
  }

  public Hydrations hydrations() {
    return hydrations;
  }

  public BlockDefaults blockDefaults() {
    return blockDefaults;
  }

  public DeploymentRuns deploymentRuns() {
    return deploymentRuns;
  }

  public DeploymentBatches deploymentBatches() {
    return deploymentBatches;
  }

  public DeploymentPolls deploymentPolls() {
    return deploymentPolls;
  }

  public TaskRuns taskRuns() {
    return taskRuns;
  }

  public Events events() {
    return events;
  }

  public EventHistory eventHistory() {
    return eventHistory;
  }

  public Logs logs() {
    return logs;
  }

  public Variables variables() {
    return variables;
  }

  public Artifacts artifacts() {
    return artifacts;
  }

  public Blocks blocks() {
    return blocks;
  }

  public Automations automations() {
    return automations;
  }

  public SavedSearches searches() {
    return searches;
  }

  public RunGraphs graphs() {
    return graphs;
  }

  public Tallies tallies() {
    return tallies;
  }

  public Removals removals() {
    return removals;
  }

  public Explanations explanations() {
    return explanations;
  }

  public Alarms alarms() {
    return alarms;
  }

  /** Writes what waits to be written in the background. */
  @Override
  public void close() {
    eventLog.close();
  }

  public Listings listings() {
    return listings;
  }

  public Histories histories() {
    return histories;
  }
}

package io.sluice.node;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deployment.ConcurrencyOptions;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.Deployments;
import io.sluice.deployment.LimitWish;
import io.sluice.limit.LimitReply;
import io.sluice.pool.Polls;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.Place;
import io.sluice.run.Proposal;
import io.sluice.run.ProposedState;
import io.sluice.run.RunReply;
import io.sluice.run.RunSpec;
import io.sluice.run.StateType;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** What clients do with a node, in few words. */
final class NodeFixture {
  private final TestNode node;

  NodeFixture(TestNode node) {
    this.node = node;
  }

  UUID flow(String name) {
    return await(node.owners().flows().ensure(name, List.of(), null)).flow().id();
  }

  Deployment deployment(String name, LimitWish limit, ConcurrencyOptions.Strategy strategy) {
    var flow = flow("flow-" + name);
    var spec = new DeploymentSpec.Builder();
    spec.name = name;
    spec.flowId = flow;
    spec.enforceParameterSchema = false;
    spec.concurrencyOptions = new ConcurrencyOptions(strategy, null);
    var edit = new Deployments.Edit(spec.build(), List.of(), limit);
    return await(
            node.owners()
                .deployments()
                .put(flow, name, existing -> CompletableFuture.completedFuture(edit)))
        .deployment();
  }

  FlowRun run(UUID flow, UUID deployment, Place place) {
    var spec = new RunSpec.Builder();
    spec.name = "run";
    spec.flowId = flow;
    spec.deploymentId = deployment;
    spec.place = place;
    return await(
            node.owners()
                .flowRuns()
                .create(spec.build(), FlowRunPolicy.NONE, ProposedState.of(StateType.SCHEDULED)))
        .run();
  }

  FlowRun runOf(Deployment deployment) {
    return run(deployment.spec().flowId(), deployment.id(), null);
  }

  PoolState pool(String name, Integer limit) {
    var create = new WorkPoolCommand.Create(name, null, "process", null, false, limit, null);
    return await(node.owners().pools().create(create));
  }

  Place queue(PoolState pool, String name, Integer limit) {
    var create = new WorkPoolCommand.CreateQueue(name, "", false, limit, null, null);
    var queue = await(node.owners().pools().createQueue(pool.pool().id(), create));
    return new Place(queue.id(), name, pool.pool().id(), pool.pool().name());
  }

  Proposal proposal(StateType to, Duration hold) {
    return new Proposal(UUID.randomUUID(), ProposedState.of(to), false, true, "worker", hold);
  }

  RunReply.Ruled propose(FlowRun run, StateType to) {
    return await(node.owners().flowRuns().propose(run.id(), proposal(to, Duration.ZERO)));
  }

  /** A worker has the run and proposes it PENDING, ready to wait for so long. */
  CompletableFuture<RunReply.Ruled> submit(FlowRun run, Duration hold) {
    node.owners().flowRuns().offer(run.id(), "worker");
    return node.owners().flowRuns().propose(run.id(), proposal(StateType.PENDING, hold));
  }

  FlowRun present(FlowRun run) {
    return await(node.owners().flowRuns().get(run.id()));
  }

  LimitReply.View limit(UUID id) {
    return await(node.owners().limits().get(id));
  }

  /** So many slots are taken, and each of them by a lease. */
  void assertTaken(UUID limit, int slots) {
    var view = limit(limit);
    assertThat(view.activeSlots()).isEqualTo(slots);
    assertThat(view.leases().stream().mapToInt(held -> held.lease().counted()).sum())
        .as("slots of leases")
        .isEqualTo(slots);
  }

  CompletableFuture<List<Polls.HandOut>> poll(PoolState pool, Duration hold) {
    var before = node.node().clock().instant().plusSeconds(10);
    var gone = new CompletableFuture<Void>();
    return node.owners()
        .polls()
        .poll(
            pool.pool().id(),
            new Polls.Request(List.of(), null, before, 10, "worker", true, hold, gone));
  }
}

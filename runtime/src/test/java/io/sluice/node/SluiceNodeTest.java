package io.sluice.node;

import static io.sluice.deployment.ConcurrencyOptions.Strategy.CANCEL_NEW;
import static io.sluice.deployment.ConcurrencyOptions.Strategy.ENQUEUE;
import static io.sluice.node.TestNode.await;
import static io.sluice.run.StateType.CANCELLED;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deployment.LimitWish;
import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.run.Proposal;
import io.sluice.run.ProposedState;
import io.sluice.run.Ruling.Status;
import io.sluice.run.State;
import io.sluice.run.StateNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node")
class SluiceNodeTest {
  private static final Duration HOLD = Duration.ofSeconds(25);
  private static final Duration NO_HOLD = Duration.ZERO;

  @TempDir static Path dir;
  private static TestNode node;
  private static int tests;

  private NodeFixture client;
  private String name;

  @BeforeAll
  static void start() {
    node = TestNode.start(dir);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void newNames() {
    client = new NodeFixture(node);
    name = "n" + ++tests;
  }

  @Test
  void takes_a_run_through_its_states() {
    var run = client.run(client.flow(name), null, null);
    for (var to : new io.sluice.run.StateType[] {PENDING, RUNNING, COMPLETED}) {
      assertThat(client.propose(run, to).status()).isEqualTo(Status.ACCEPT);
    }
    assertThat(await(node.owners().flowRuns().history(run.id())))
        .extracting(State::type)
        .containsExactly(SCHEDULED, PENDING, RUNNING, COMPLETED);
  }

  /** As in Prefect 3.8.8, on which clients count: the slot is taken at PENDING. */
  @Test
  void lets_a_run_that_never_was_pending_start_without_a_slot() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    client.propose(client.runOf(deployment), PENDING);
    var run = client.runOf(deployment);

    assertThat(client.propose(run, RUNNING).status()).isEqualTo(Status.ACCEPT);

    assertThat(client.present(run).leaseId()).isNull();
    client.assertTaken(deployment.limitId(), 1);
    client.propose(run, COMPLETED);
    client.assertTaken(deployment.limitId(), 1);
  }

  @Test
  void lets_runs_beyond_the_limit_of_their_deployment_wait() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var first = client.runOf(deployment);
    var second = client.runOf(deployment);

    assertThat(client.propose(first, PENDING).status()).isEqualTo(Status.ACCEPT);
    var refused = client.propose(second, PENDING);
    assertThat(refused.status()).isEqualTo(Status.REJECT);
    assertThat(refused.run().state().name()).isEqualTo(StateNames.AWAITING_CONCURRENCY_SLOT);
    client.assertTaken(deployment.limitId(), 1);

    client.propose(first, RUNNING);
    client.assertTaken(deployment.limitId(), 1);
    client.propose(first, COMPLETED);
    node.eventually(() -> client.assertTaken(deployment.limitId(), 0));

    assertThat(client.propose(second, PENDING).status()).isEqualTo(Status.ACCEPT);
    client.assertTaken(deployment.limitId(), 1);
  }

  @Test
  void cancels_runs_beyond_the_limit_if_their_deployment_says_so() {
    var deployment = client.deployment(name, new LimitWish.Own(1), CANCEL_NEW);
    client.propose(client.runOf(deployment), PENDING);
    var second = client.runOf(deployment);

    var refused = client.propose(second, PENDING);

    assertThat(refused.status()).isEqualTo(Status.REJECT);
    assertThat(refused.run().stateType()).isEqualTo(CANCELLED);
    client.assertTaken(deployment.limitId(), 1);
  }

  @Test
  void gives_a_freed_slot_to_the_run_whose_proposal_is_held() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var first = client.runOf(deployment);
    var second = client.runOf(deployment);
    client.propose(first, PENDING);
    client.propose(first, RUNNING);

    var held = client.submit(second, HOLD);
    node.eventually(() -> assertThat(client.limit(deployment.limitId()).waiting()).isEqualTo(1));
    assertThat(held).isNotDone();
    assertThat(client.present(second).state().name())
        .isEqualTo(StateNames.AWAITING_CONCURRENCY_SLOT);
    assertThat(client.present(second).state().message())
        .startsWith(
            "Waits for a slot of deployment:%s: 1 of 1 are held, next in line"
                .formatted(deployment.id()));
    client.propose(first, COMPLETED);

    assertThat(await(held).status()).isEqualTo(Status.ACCEPT);
    client.assertTaken(deployment.limitId(), 1);
    assertThat(client.limit(deployment.limitId()).leases().get(0).lease().id())
        .isEqualTo(client.present(second).leaseId());
  }

  @Test
  void tells_a_worker_that_does_not_wait_when_to_come_back() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    client.propose(client.runOf(deployment), PENDING);

    var ruled = await(client.submit(client.runOf(deployment), NO_HOLD));

    assertThat(ruled.status()).isEqualTo(Status.WAIT);
    assertThat(ruled.delaySeconds()).isBetween(0, 25);
    assertThat(ruled.run().stateType()).isEqualTo(SCHEDULED);
    assertThat(ruled.run().state().name()).isEqualTo(StateNames.AWAITING_CONCURRENCY_SLOT);
    assertThat(client.limit(deployment.limitId()).waiting()).isEqualTo(1);
  }

  @Test
  void frees_the_slot_that_a_node_died_with_when_the_end_of_the_run_is_told_again() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var run = client.runOf(deployment);
    client.propose(run, PENDING);
    var completed = ProposedState.of(COMPLETED).with(d -> d.transitionId = UUID.randomUUID());
    var proposal = new Proposal(UUID.randomUUID(), completed, false, true, "worker", NO_HOLD);
    await(node.owners().flowRuns().propose(run.id(), proposal));
    // As a node that dies between the row and the release leaves it.
    var lease = client.present(run).leaseId();
    var claim = Claim.leased(deployment.limitId(), lease, Duration.ofMinutes(5));
    var request = SlotRequest.one(Holder.flowRun(run.id()), node.node().clock().instant());
    await(node.owners().limits().acquire(List.of(claim), request, IfBusy.FORGET).outcome());
    client.assertTaken(deployment.limitId(), 1);

    var again = await(node.owners().flowRuns().propose(run.id(), proposal));

    assertThat(again.status()).isEqualTo(Status.REJECT);
    node.eventually(() -> client.assertTaken(deployment.limitId(), 0));
  }

  /** Its attempts are known by its state: with the next state nobody would ask for the slot. */
  @Test
  void frees_the_slot_that_a_node_died_with_when_the_run_becomes_late_before_it_is_claimed_again() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var run = client.runOf(deployment);
    // As a node that dies between the slot and the row leaves it.
    var limit = deployment.limitId();
    var lease = OwnerKey.leaseOf(limit, run.state().id());
    var claim = Claim.leased(limit, lease, Duration.ofMinutes(5));
    var now = node.node().clock().instant();
    var request = SlotRequest.one(Holder.flowRun(run.id()), now);
    await(node.owners().limits().acquire(List.of(claim), request, IfBusy.FORGET).outcome());
    client.assertTaken(limit, 1);

    var late = ProposedState.scheduled(StateNames.LATE, null, now);
    var proposal = new Proposal(UUID.randomUUID(), late, false, true, "", NO_HOLD);
    assertThat(await(node.owners().flowRuns().propose(run.id(), proposal)).status())
        .isEqualTo(Status.ACCEPT);

    node.eventually(() -> client.assertTaken(limit, 0));
    assertThat(client.propose(run, PENDING).status()).isEqualTo(Status.ACCEPT);
  }

  /**
   * After a restart nobody knows who waits with which run: another worker may get it and end it.
   */
  @Test
  void tells_a_worker_that_waited_with_a_run_that_another_one_ran_to_drop_it() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var holder = client.runOf(deployment);
    var run = client.runOf(deployment);
    client.propose(holder, PENDING);
    assertThat(await(client.submit(run, NO_HOLD)).status()).isEqualTo(Status.WAIT);
    client.propose(holder, RUNNING);
    client.propose(holder, COMPLETED);
    for (var to : new io.sluice.run.StateType[] {PENDING, RUNNING, COMPLETED}) {
      assertThat(client.propose(run, to).status()).isEqualTo(Status.ACCEPT);
    }

    var late = client.propose(run, PENDING);

    assertThat(late.status()).isEqualTo(Status.ABORT);
    assertThat(late.reason()).contains("COMPLETED");
    assertThat(client.present(run).progress().runCount()).isEqualTo(1);
    node.eventually(() -> client.assertTaken(deployment.limitId(), 0));
  }

  @Test
  void keeps_no_slot_for_a_worker_that_left_while_it_waited() {
    var deployment = client.deployment(name, new LimitWish.Own(1), ENQUEUE);
    var first = client.runOf(deployment);
    client.propose(first, PENDING);
    var second = client.runOf(deployment);
    node.owners().flowRuns().offer(second.id(), "worker");
    var proposal = client.proposal(PENDING, HOLD);
    var held = node.owners().flowRuns().propose(second.id(), proposal);
    node.eventually(() -> assertThat(client.limit(deployment.limitId()).waiting()).isEqualTo(1));

    node.owners().flowRuns().withdraw(second.id(), proposal.id());

    assertThat(await(held).status()).isNotEqualTo(Status.ACCEPT);
    client.propose(first, RUNNING);
    client.propose(first, COMPLETED);
    node.eventually(() -> client.assertTaken(deployment.limitId(), 0));
  }

  @Test
  void takes_slots_of_queue_and_pool_when_a_run_becomes_pending() {
    var flow = client.flow(name);
    var pool = client.pool(name, 2);
    var narrow = client.queue(pool, "narrow", 1);
    var wide = client.queue(pool, "wide", null);
    var first = client.run(flow, null, narrow);
    var second = client.run(flow, null, narrow);
    var third = client.run(flow, null, wide);
    var fourth = client.run(flow, null, wide);

    assertThat(client.propose(first, PENDING).status()).isEqualTo(Status.ACCEPT);
    assertThat(client.propose(second, PENDING).status()).as("queue").isEqualTo(Status.REJECT);
    assertThat(client.propose(third, PENDING).status()).isEqualTo(Status.ACCEPT);
    assertThat(client.propose(fourth, PENDING).status()).as("pool").isEqualTo(Status.REJECT);
    assertThat(client.present(fourth).stateType()).isEqualTo(SCHEDULED);
    client.assertTaken(pool.pool().id(), 2);
    client.assertTaken(narrow.queueId(), 1);

    client.propose(first, RUNNING);
    client.propose(first, COMPLETED);
    node.eventually(
        () -> {
          client.assertTaken(pool.pool().id(), 1);
          client.assertTaken(narrow.queueId(), 0);
        });
    assertThat(client.propose(second, PENDING).status()).isEqualTo(Status.ACCEPT);
  }

  @Test
  void answers_a_worker_that_waits_for_runs_as_soon_as_there_is_one() {
    var pool = client.pool(name, null);
    var queue = client.queue(pool, "q", null);
    var poll = client.poll(pool, HOLD);
    assertThat(await(client.poll(pool, NO_HOLD))).isEmpty();
    assertThat(poll).isNotDone();

    var run = client.run(client.flow(name), null, queue);

    assertThat(await(poll)).extracting(out -> out.run().runId()).containsExactly(run.id());
  }

  @Test
  void hands_no_run_to_two_workers_and_none_that_cannot_start() {
    var pool = client.pool(name, 1);
    var queue = client.queue(pool, "q", null);
    var flow = client.flow(name);
    var first = client.run(flow, null, queue);
    assertThat(await(client.poll(pool, NO_HOLD)))
        .extracting(out -> out.run().runId())
        .containsExactly(first.id());
    client.propose(first, PENDING);

    assertThat(await(client.poll(pool, NO_HOLD))).isEmpty();
  }
}

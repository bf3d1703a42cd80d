package io.sluice.node;

import static io.sluice.node.TestNode.await;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.pool.PoolState;
import io.sluice.rejection.Refused;
import io.sluice.rejection.Rejection;
import io.sluice.run.FlowRun;
import io.sluice.run.Place;
import io.sluice.run.Ruling.Status;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A work queue that is deleted")
class DeletedQueueTest {
  @TempDir Path dir;

  @Test
  void gives_back_the_slots_of_its_pool() {
    try (var node = TestNode.start(dir)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", 1);
      var queue = client.queue(pool, "q", 1);
      client.propose(client.run(client.flow("f"), null, queue), PENDING);
      client.assertTaken(pool.pool().id(), 1);

      await(node.owners().pools().deleteQueue(queue.poolId(), queue.queueId()));

      client.assertTaken(pool.pool().id(), 0);
      assertThat(isLimit(node, queue.queueId())).isFalse();
      var next = client.run(client.flow("f"), null, otherQueue(client, pool));
      assertThat(client.propose(next, PENDING).status()).isEqualTo(Status.ACCEPT);
    }
  }

  @Test
  void has_no_limit_any_more_also_if_its_owner_was_not_in_memory() {
    try (var node = TestNode.start(dir)) {
      var client = new NodeFixture(node);
      var queue = client.queue(client.pool("p", null), "q", 1);
      client.propose(client.run(client.flow("f"), null, queue), PENDING);
      client.assertTaken(queue.queueId(), 1);
      node.restart();

      await(node.owners().pools().deleteQueue(queue.poolId(), queue.queueId()));

      assertThat(isLimit(node, queue.queueId())).isFalse();
    }
  }

  @Test
  void leaves_its_pool_no_slot_that_a_run_was_granted_meanwhile() {
    try (var node = TestNode.start(dir)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", 1);
      var queue = client.queue(pool, "q", null);
      var run = client.run(client.flow("f"), null, queue);
      await(node.owners().pools().deleteQueue(queue.poolId(), queue.queueId()));
      grant(node, pool.pool().id(), run);
      client.assertTaken(pool.pool().id(), 1);

      assertThat(client.propose(run, PENDING).status()).isEqualTo(Status.ACCEPT);

      client.assertTaken(pool.pool().id(), 0);
    }
  }

  @Test
  void has_its_runs_end_as_others_do() {
    try (var node = TestNode.start(dir)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", 1);
      var queue = client.queue(pool, "q", 1);
      var run = client.run(client.flow("f"), null, queue);
      client.propose(run, PENDING);
      await(node.owners().pools().delete(await(node.owners().pools().get(queue.poolId()))));

      assertThat(client.propose(run, RUNNING).status()).isEqualTo(Status.ACCEPT);
      assertThat(client.propose(run, COMPLETED).status()).isEqualTo(Status.ACCEPT);
      assertThat(isLimit(node, pool.pool().id())).isFalse();
      assertThat(isLimit(node, queue.queueId())).isFalse();
    }
  }

  private static Place otherQueue(NodeFixture client, PoolState pool) {
    return client.queue(pool, "other", null);
  }

  /** As its owner does that let the run through before the queue was deleted. */
  private static void grant(TestNode node, UUID limit, FlowRun run) {
    var claim = Claim.untilReleased(limit, OwnerKey.leaseOf(limit, run.id()));
    var now = node.node().clock().instant();
    await(node.owners().limits().force(claim, SlotRequest.one(Holder.flowRun(run.id()), now)));
  }

  private static boolean isLimit(TestNode node, UUID id) {
    return await(
        node.owners()
            .limits()
            .get(id)
            .thenApply(found -> true)
            .exceptionally(Refused.or(Rejection.LimitNotFound.class, false)));
  }
}

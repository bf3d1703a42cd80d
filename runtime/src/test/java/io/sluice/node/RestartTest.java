package io.sluice.node;

import static io.sluice.deployment.ConcurrencyOptions.Strategy.ENQUEUE;
import static io.sluice.node.TestNode.await;
import static io.sluice.run.StateType.COMPLETED;
import static io.sluice.run.StateType.PENDING;
import static io.sluice.run.StateType.RUNNING;
import static io.sluice.run.StateType.SCHEDULED;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.deployment.LimitWish;
import io.sluice.limit.Claim;
import io.sluice.limit.Holder;
import io.sluice.limit.LimitCommand.IfBusy;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitSettings;
import io.sluice.limit.OwnerKey;
import io.sluice.limit.SlotRequest;
import io.sluice.run.Ruling.Status;
import io.sluice.store.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node that was stopped and started again on the same data")
class RestartTest {
  @TempDir Path dir;

  @Test
  void has_the_same_runs_holders_and_slots() {
    try (var node = TestNode.start(dir)) {
      hasTheSame(node);
    }
  }

  @Test
  void has_the_same_in_postgresql() throws Exception {
    var server = PostgresServer.startOrSkip();
    var store =
        Map.of("sluice.store.url", server.newDatabase(), "sluice.store.user", server.user());
    try (var node = TestNode.start(dir, store)) {
      hasTheSame(node);
    } finally {
      server.stop();
    }
  }

  private static void hasTheSame(TestNode node) {
    var client = new NodeFixture(node);
    var pool = client.pool("p", 3);
    var queue = client.queue(pool, "q", 2);
    var deployment = client.deployment("d", new LimitWish.Own(1), ENQUEUE);
    var running = client.run(deployment.spec().flowId(), deployment.id(), queue);
    var waiting = client.run(deployment.spec().flowId(), deployment.id(), queue);
    client.propose(running, PENDING);
    client.propose(running, RUNNING);
    client.propose(waiting, PENDING);
    var before = client.limit(deployment.limitId());
    var lease = client.present(running).leaseId();
    var runs = List.of(client.present(running), client.present(waiting));

    node.restart();

    assertThat(List.of(client.present(running), client.present(waiting))).isEqualTo(runs);
    var after = client.limit(deployment.limitId());
    assertThat(after.leases())
        .extracting(HeldLease::lease)
        .containsExactly(before.leases().get(0).lease());
    assertThat(after.leases().get(0).lease().id()).isEqualTo(lease);
    assertThat(after.leases().get(0).expires()).isAfter(before.leases().get(0).expires());
    for (var limit : List.of(deployment.limitId(), pool.pool().id(), queue.queueId())) {
      client.assertTaken(limit, 1);
    }
    assertThat(client.propose(waiting, PENDING).status()).isNotEqualTo(Status.ACCEPT);

    await(node.owners().limits().renew(lease, Duration.ofMinutes(5)));
    assertThat(client.propose(running, COMPLETED).status()).isEqualTo(Status.ACCEPT);
    node.eventually(
        () -> {
          for (var limit : List.of(deployment.limitId(), pool.pool().id(), queue.queueId())) {
            client.assertTaken(limit, 0);
          }
        });
    assertThat(client.propose(waiting, PENDING).status()).isEqualTo(Status.ACCEPT);
  }

  @Test
  void has_freed_slots_of_queues_and_pools_whose_run_never_got_there() {
    try (var node = TestNode.start(dir)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", 1);
      var queue = client.queue(pool, "q", 1);
      var run = client.run(client.flow("f"), null, queue);
      // As a node that dies between the slots and the row leaves it.
      var claims =
          List.of(pool.pool().id(), queue.queueId()).stream()
              .map(limit -> Claim.untilReleased(limit, OwnerKey.leaseOf(limit, run.id())))
              .toList();
      var request = SlotRequest.one(Holder.flowRun(run.id()), node.node().clock().instant());
      await(node.owners().limits().acquire(claims, request, IfBusy.FORGET).outcome());
      client.assertTaken(pool.pool().id(), 1);

      node.restart();
      client.poll(pool, Duration.ZERO);

      node.eventually(
          () -> {
            client.assertTaken(pool.pool().id(), 0);
            client.assertTaken(queue.queueId(), 0);
          });
      assertThat(client.present(run).stateType()).isEqualTo(SCHEDULED);
    }
  }

  @Test
  void reads_what_limits_with_many_changes_have_left() {
    var settings = Map.of("sluice.limit.snapshot-every", 10);
    try (var node = TestNode.start(dir, settings)) {
      var limits = node.owners().limits();
      var id = await(limits.create(LimitSettings.of("busy", 3), 0)).id();
      var request = SlotRequest.one(null, node.node().clock().instant());
      for (int n = 0; n < 15; n++) {
        var claim =
            Claim.leased(id, OwnerKey.leaseOf(id, UUID.randomUUID()), Duration.ofMinutes(5));
        await(limits.acquire(List.of(claim), request, IfBusy.FORGET).outcome());
        if (n < 13) {
          await(limits.release(claim.leaseId()));
        }
      }
      var before = await(limits.get(id));
      assertThat(before.activeSlots()).isEqualTo(2);
      node.eventually(
          () ->
              assertThat(node.node().store().sql().fetchValue("select count(*) from \"snapshot\""))
                  .isNotEqualTo(0L));

      node.restart();

      var after = await(node.owners().limits().get(id));
      assertThat(after.leases())
          .extracting(HeldLease::lease)
          .isEqualTo(before.leases().stream().map(HeldLease::lease).toList());
    }
  }
}

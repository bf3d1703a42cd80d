package io.sluice.node;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.pool.PoolState;
import io.sluice.queue.Sighting;
import io.sluice.queue.Sighting.Whereabouts;
import io.sluice.run.FlowRun;
import io.sluice.run.StateType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A queue that was told wrong things, or not told, by runs whose node was lost,")
class QueueLooksAgainTest {
  private static final Map<String, Object> SOON =
      Map.of("sluice.queue.look-again-every", "200ms", "sluice.queue.admitted-for", "500ms");

  @TempDir Path dir;

  @Test
  void hands_out_a_run_again_that_was_let_through_and_never_became_pending() {
    try (var node = TestNode.start(dir, SOON)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", null);
      var run = client.run(client.flow("f"), null, client.queue(pool, "q", 1));
      var queue = run.spec().place().queueId();
      await(node.owners().queues().admit(queue, run.id(), run.version(), null));
      assertThat(polled(client, pool)).isEmpty();
      node.eventually(() -> assertThat(polled(client, pool)).containsExactly(run.id()));
    }
  }

  @Test
  void counts_a_run_no_longer_that_has_ended() {
    try (var node = TestNode.start(dir, SOON)) {
      var client = new NodeFixture(node);
      var pool = client.pool("p", null);
      var run = client.run(client.flow("f"), null, client.queue(pool, "q", 1));
      var queue = run.spec().place().queueId();
      client.propose(run, StateType.PENDING);
      var pending = client.present(run);
      client.propose(run, StateType.RUNNING);
      client.propose(run, StateType.COMPLETED);
      node.eventually(() -> assertThat(occupants(node, queue)).isEmpty());

      await(node.owners().queues().moved(queue, seen(client.present(run), pending)));
      assertThat(occupants(node, queue)).containsExactly(run.id());
      node.eventually(() -> assertThat(occupants(node, queue)).isEmpty());
      node.eventually(() -> client.assertTaken(queue, 0));
    }
  }

  /** As if the run's last word to its queue had been that it occupies it. */
  private static Sighting seen(FlowRun now, FlowRun before) {
    return new Sighting(
        now.id(), now.version(), Whereabouts.OCCUPYING, null, null, null, before.state().name());
  }

  private static List<UUID> polled(NodeFixture client, PoolState pool) {
    return await(client.poll(pool, Duration.ZERO)).stream().map(out -> out.run().runId()).toList();
  }

  private static java.util.Set<UUID> occupants(TestNode node, UUID queue) {
    return await(node.owners().queues().occupants(queue)).runIds();
  }
}

package io.sluice.node;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.Deployments.Edit;
import io.sluice.deployment.LimitWish;
import io.sluice.event.Event;
import io.sluice.event.EventFilter;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPoolCommand;
import io.sluice.run.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a clock of its own: nothing here waits for time to pass. */
@DisplayName("Whether pools, queues and deployments are served is said")
class StatusEventsTest {
  private final SettableClock clock = new SettableClock(Instant.parse("2026-11-22T12:00:00Z"));
  private final List<Event> heard = new ArrayList<>();
  private TestNode node;
  private PoolState pool;

  @TempDir private Path dir;

  @BeforeEach
  void start() {
    node = TestNode.start(dir, Map.of(), clock);
    listen();
    pool =
        await(
            node.owners()
                .pools()
                .create(new WorkPoolCommand.Create("p", null, "process", null, false, null, null)));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private void listen() {
    node.owners()
        .events()
        .listen(
            EventFilter.ALL,
            false,
            event -> {
              synchronized (heard) {
                heard.add(event);
              }
            });
  }

  private List<String> statuses() {
    synchronized (heard) {
      return heard.stream()
          .map(event -> event.event().replace("prefect.", ""))
          .filter(name -> name.endsWith("ready") || name.endsWith("paused"))
          .toList();
    }
  }

  private void assertSaid(String... names) {
    node.eventually(() -> assertThat(statuses()).containsExactlyInAnyOrder(names));
  }

  /** Owners look by themselves when their time comes, or when they are called. */
  private void passes(Duration time) {
    clock.passes(time);
    await(node.owners().alarms().ring());
  }

  private void heartbeat() {
    await(node.owners().pools().heartbeat(pool.pool().id(), "w", 10));
  }

  private void poll() {
    await(node.owners().pools().polled(pool.pool().id(), List.of(pool.pool().defaultQueueId())));
  }

  private void pause(boolean paused) {
    await(
        node.owners()
            .pools()
            .change(
                pool.pool().id(),
                new WorkPoolCommand.Change(
                    Set.of(WorkPoolCommand.Change.Field.PAUSED), null, null, paused, null, null)));
  }

  private Deployment deploy(Place place) {
    var flow = await(node.owners().flows().ensure("f", List.of(), null)).flow();
    var spec = new DeploymentSpec.Builder();
    spec.name = UUID.randomUUID().toString();
    spec.flowId = flow.id();
    spec.place = place;
    spec.parameters = JsonNodeFactory.instance.objectNode();
    var edit = new Edit(spec.build(), List.of(), new LimitWish.Keep());
    return await(
            node.owners()
                .deployments()
                .put(flow.id(), spec.name, before -> CompletableFuture.completedFuture(edit)))
        .deployment();
  }

  private Place place() {
    return new Place(pool.pool().defaultQueueId(), "default", pool.pool().id(), "p");
  }

  @Test
  void of_a_pool_when_its_worker_comes_and_when_it_falls_silent_each_once() {
    assertSaid("work-pool.not-ready");
    heartbeat();
    passes(Duration.ofSeconds(20));
    heartbeat();
    passes(Duration.ofSeconds(30));
    assertSaid("work-pool.not-ready", "work-pool.ready");
    passes(Duration.ofMillis(1));
    assertSaid("work-pool.not-ready", "work-pool.ready", "work-pool.not-ready");
    passes(Duration.ofDays(1));
    assertSaid("work-pool.not-ready", "work-pool.ready", "work-pool.not-ready");
  }

  @Test
  void of_a_pool_after_the_one_before_if_that_was_lately() {
    heartbeat();
    passes(Duration.ofMinutes(10));
    heartbeat();
    assertSaid("work-pool.not-ready", "work-pool.ready", "work-pool.not-ready", "work-pool.ready");
    List<Event> told;
    synchronized (heard) {
      told = heard.stream().filter(event -> event.event().endsWith("ready")).toList();
    }
    assertThat(told.get(0).follows()).isNull();
    assertThat(told.get(1).follows()).isEqualTo(told.get(0).id());
    assertThat(told.get(2).follows()).isNull();
    assertThat(told.get(3).follows()).isEqualTo(told.get(2).id());
  }

  @Test
  void of_a_pool_that_is_paused_and_of_its_queue_when_a_worker_asks() {
    heartbeat();
    pause(true);
    pause(true);
    poll();
    poll();
    pause(false);
    assertSaid(
        "work-pool.not-ready",
        "work-pool.ready",
        "work-pool.paused",
        "work-queue.ready",
        "work-pool.ready");
    passes(Duration.ofMinutes(1).plusMillis(1));
    assertSaid(
        "work-pool.not-ready",
        "work-pool.ready",
        "work-pool.paused",
        "work-queue.ready",
        "work-pool.ready",
        "work-pool.not-ready",
        "work-queue.not-ready");
  }

  @Test
  void of_what_became_so_while_the_node_was_down() {
    heartbeat();
    poll();
    assertSaid("work-pool.not-ready", "work-pool.ready", "work-queue.ready");
    clock.passes(Duration.ofHours(1));
    heard.clear();
    node.restart();
    listen();
    await(node.owners().alarms().ring());
    // It may have been said before anybody listened.
    node.eventually(
        () ->
            assertThat(await(node.owners().pools().get(pool.pool().id())).readiness().pool().name())
                .isEqualTo("NOT_READY"));
    assertThat(statuses()).doesNotContain("work-pool.ready", "work-queue.ready");
    heartbeat();
    node.eventually(() -> assertThat(statuses()).contains("work-pool.ready"));
  }

  @Test
  void of_a_deployment_when_its_queue_is_asked_for_runs() {
    deploy(place());
    poll();
    assertSaid("work-pool.not-ready", "work-queue.ready", "deployment.ready");
    clock.passes(Duration.ofSeconds(10));
    deploy(place());
    assertSaid("work-pool.not-ready", "work-queue.ready", "deployment.ready");
    poll();
    assertSaid("work-pool.not-ready", "work-queue.ready", "deployment.ready", "deployment.ready");
    passes(Duration.ofMinutes(1).plusMillis(1));
    assertSaid(
        "work-pool.not-ready",
        "work-queue.ready",
        "deployment.ready",
        "deployment.ready",
        "work-queue.not-ready",
        "deployment.not-ready",
        "deployment.not-ready");
  }

  @Test
  void of_a_deployment_that_is_served_by_its_own_process() {
    var deployment = deploy(null);
    node.owners().deployments().polled(deployment.id());
    assertSaid("work-pool.not-ready", "deployment.ready");
    passes(Duration.ofSeconds(50));
    node.owners().deployments().polled(deployment.id());
    await(node.owners().deployments().wake(deployment.id()));
    passes(Duration.ofSeconds(60));
    assertSaid("work-pool.not-ready", "deployment.ready");
    passes(Duration.ofMillis(1));
    assertSaid("work-pool.not-ready", "deployment.ready", "deployment.not-ready");
  }
}

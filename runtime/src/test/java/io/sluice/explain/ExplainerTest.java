package io.sluice.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.explain.Explanation.Kind;
import io.sluice.explain.Explanation.Status;
import io.sluice.explain.Explanation.Verdict;
import io.sluice.limit.Holder;
import io.sluice.limit.Lease;
import io.sluice.limit.LimitReply.HeldLease;
import io.sluice.limit.LimitReply.View;
import io.sluice.limit.LimitReply.Waiting;
import io.sluice.limit.LimitSettings;
import io.sluice.pool.PoolState;
import io.sluice.pool.WorkPool;
import io.sluice.queue.WorkQueue;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.Place;
import io.sluice.run.Progress;
import io.sluice.run.ProposedState;
import io.sluice.run.RunSpec;
import io.sluice.run.StateNames;
import io.sluice.run.StateType;
import io.sluice.worker.Worker;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An explanation of a run")
class ExplainerTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final UUID POOL = new UUID(1, 1);
  private static final UUID QUEUE = new UUID(1, 2);
  private static final UUID RUN = new UUID(1, 3);
  private static final UUID OTHER_RUN = new UUID(1, 4);
  private static final UUID DEPLOYMENT = new UUID(1, 5);
  private static final UUID LIMIT = new UUID(1, 6);
  private static final UUID TASK_RUN = new UUID(1, 7);

  private FlowRun run = run(ProposedState.scheduled("Scheduled", null, NOON));
  private WorkPool pool =
      new WorkPool(POOL, 1, NOON, NOON, "p", null, "process", null, false, null, null, QUEUE);
  private WorkQueue queue =
      new WorkQueue(QUEUE, 1, NOON, NOON, POOL, "q", null, false, null, 1, null, NOON);
  private Worker worker = new Worker(new UUID(1, 8), 1, NOON, NOON, POOL, "w", NOON, 30);
  private View poolLimit;
  private List<View> limits = List.of();
  private int dueBefore;
  private Instant now = NOON;

  private static FlowRun run(ProposedState state) {
    var builder = new RunSpec.Builder();
    builder.name = "calm-otter";
    builder.deploymentId = null;
    builder.place = new Place(QUEUE, "q", POOL, "p");
    var entered = state.entered(new UUID(2, 2), NOON);
    return new FlowRun(
        RUN,
        1,
        NOON,
        NOON,
        builder.build(),
        FlowRunPolicy.NONE,
        Progress.NONE.entering(null, entered, true),
        entered);
  }

  private static View limit(String name, int slots, List<UUID> holders, List<UUID> line) {
    var leases =
        holders.stream()
            .map(
                id ->
                    new HeldLease(
                        new Lease(
                            id, 1, Holder.flowRun(id), null, 1, NOON.minusSeconds(9), false, null),
                        NOON.plusSeconds(60)))
            .toList();
    var waiting =
        line.stream().map(id -> new Waiting(id, Holder.flowRun(id), 1, NOON, true)).toList();
    return new View(
        LIMIT,
        LimitSettings.of(name, slots),
        NOON,
        NOON,
        holders.size(),
        2,
        leases,
        waiting,
        line.size());
  }

  private Explanation explain() {
    var state =
        new PoolState(pool, List.of(queue), worker == null ? Map.of() : Map.of("w", worker), null);
    return Explainer.explain(
        new Facts(
            run,
            now,
            state,
            poolLimit,
            null,
            dueBefore,
            null,
            null,
            limits,
            0,
            Set.of(TASK_RUN),
            Map.of(OTHER_RUN, "old-owl")));
  }

  @Test
  void says_that_nothing_blocks_a_due_run_of_a_served_queue() {
    dueBefore = 2;
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.READY);
    assertThat(explanation.summary())
        .isEqualTo("Nothing blocks the run: the next poll of a worker takes it.");
    assertThat(explanation.chain())
        .extracting(Explanation.Link::kind)
        .containsExactly(Kind.WORK_POOL, Kind.WORK_QUEUE, Kind.FLOW_RUN);
    assertThat(explanation.chain().get(1).message()).endsWith("2 runs are due before it.");
    assertThat(explanation.next()).isNull();
  }

  @Test
  void names_a_pool_without_a_worker_and_how_to_start_one() {
    now = NOON.plusSeconds(600);
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.WAITING);
    assertThat(explanation.summary())
        .isEqualTo("No worker of work pool p is online; the last one, w, was heard 10 min ago.");
    assertThat(explanation.next().message()).contains("prefect worker start --pool p");
  }

  @Test
  void says_if_no_worker_was_ever_heard() {
    worker = null;
    assertThat(explain().summary()).endsWith("none was ever heard.");
  }

  @Test
  void names_a_paused_pool_before_all_else() {
    pool = pool.with(NOON, p -> p.paused = true);
    queue = queue.with(NOON, q -> q.paused = true);
    var explanation = explain();
    assertThat(explanation.blockedBy().kind()).isEqualTo(Kind.WORK_POOL);
    assertThat(explanation.next().message()).contains("prefect work-pool resume p");
  }

  @Test
  void names_a_paused_queue() {
    queue = queue.with(NOON, q -> q.paused = true);
    assertThat(explain().next().message()).contains("prefect work-queue resume q --pool p");
  }

  @Test
  void names_a_queue_that_no_worker_polls() {
    queue = queue.with(NOON, q -> q.lastPolled = NOON.minusSeconds(90));
    assertThat(explain().summary()).isEqualTo("No worker asked for runs of work queue q for 90 s.");
  }

  @Test
  void shows_holders_and_the_next_lease_to_end_if_a_pool_is_full() {
    poolLimit = limit("work-pool:p", 1, List.of(OTHER_RUN), List.of(RUN));
    var explanation = explain();
    assertThat(explanation.summary())
        .isEqualTo("Waits for a slot of work-pool:p: 1 of 1 are held, next in line.");
    var slots = explanation.blockedBy().slots();
    assertThat(slots.holders()).extracting(Explanation.HeldBy::name).containsExactly("old-owl");
    assertThat(slots.position()).isEqualTo(1);
    assertThat(explanation.next().at()).isEqualTo(NOON.plusSeconds(60));
  }

  @Test
  void does_not_block_a_run_by_a_limit_with_room() {
    poolLimit = limit("work-pool:p", 2, List.of(OTHER_RUN), List.of());
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.READY);
    assertThat(explanation.chain().get(0).message()).isEqualTo("1 of 2 slots are held.");
  }

  @Test
  void does_not_block_a_run_by_the_slot_it_holds_itself() {
    run = run(ProposedState.of(StateType.PENDING));
    poolLimit = limit("work-pool:p", 1, List.of(RUN), List.of());
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.ACTIVE);
    assertThat(explanation.chain().get(0).verdict()).isEqualTo(Verdict.HELD);
  }

  @Test
  void says_when_a_run_is_due() {
    run = run(ProposedState.scheduled("Scheduled", null, NOON.plusSeconds(30)));
    var explanation = explain();
    assertThat(explanation.summary()).isEqualTo("The run is due in 30 s.");
    assertThat(explanation.next().at()).isEqualTo(NOON.plusSeconds(30));
  }

  @Test
  void does_not_count_the_time_a_run_was_sent_back_to_as_its_due_time() {
    run =
        run(
            ProposedState.scheduled(
                StateNames.AWAITING_CONCURRENCY_SLOT, null, NOON.plusSeconds(30)));
    assertThat(explain().status()).isEqualTo(Status.READY);
  }

  @Test
  void says_that_a_paused_run_waits_for_somebody() {
    run = run(ProposedState.of(StateType.PAUSED).with(d -> d.pauseTimeout = NOON.plusSeconds(5)));
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.WAITING);
    assertThat(explanation.next().at()).isEqualTo(NOON.plusSeconds(5));
  }

  @Test
  void names_a_limit_that_a_running_run_waits_for() {
    run = run(ProposedState.of(StateType.RUNNING));
    limits = List.of(limit("db", 1, List.of(OTHER_RUN), List.of(new UUID(9, 9), TASK_RUN)));
    var explanation = explain();
    assertThat(explanation.blockedBy().kind()).isEqualTo(Kind.LIMIT);
    assertThat(explanation.summary())
        .isEqualTo("Waits for a slot of db: 1 of 1 are held, number 2 in line.");
  }

  @Test
  void tells_how_to_go_on_if_the_limit_is_zero() {
    poolLimit = limit("work-pool:p", 0, List.of(), List.of());
    assertThat(explain().next().message()).isEqualTo("Somebody raises the limit, which is 0.");
  }

  @Test
  void tells_that_the_deployment_is_gone() {
    var spec = run.spec().with(s -> s.deploymentId = DEPLOYMENT);
    run = new FlowRun(RUN, 1, NOON, NOON, spec, run.policy(), run.progress(), run.state());
    assertThat(explain().summary()).isEqualTo("Deployment %s is gone.".formatted(DEPLOYMENT));
  }

  @Test
  void looks_at_nothing_once_the_run_has_ended() {
    run = run(ProposedState.of(StateType.COMPLETED));
    pool = pool.with(NOON, p -> p.paused = true);
    var explanation = explain();
    assertThat(explanation.status()).isEqualTo(Status.FINISHED);
    assertThat(explanation.chain()).isEmpty();
  }
}

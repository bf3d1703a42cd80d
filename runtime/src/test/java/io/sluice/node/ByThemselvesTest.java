package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.sluice.deployment.ConcurrencyOptions;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.Deployments.Edit;
import io.sluice.deployment.LimitWish;
import io.sluice.deployment.Schedule;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.limit.LimitSettings;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunPolicy;
import io.sluice.run.FlowRunTable;
import io.sluice.run.Proposal;
import io.sluice.run.ProposedState;
import io.sluice.run.RunSpec;
import io.sluice.run.StateType;
import io.sluice.task.TaskCommand;
import io.sluice.task.TaskRunPolicy;
import io.sluice.task.TaskRunSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** On a clock of its own: nothing here waits for time to pass. */
@DisplayName("Without anybody asking")
class ByThemselvesTest {
  private static final String STORE = "jdbc:h2:mem:bythemselves;DB_CLOSE_DELAY=-1";
  private static final SettableClock CLOCK =
      new SettableClock(Instant.parse("2026-03-28T12:00:00Z"));
  private static SluiceNode node;
  private static UUID flow;

  @BeforeAll
  static void start() {
    node = newNode();
    flow = join(owners().flows().ensure("nightly", List.of(), null)).flow().id();
  }

  private static SluiceNode newNode() {
    var settings =
        "sluice { store.url = \"%s\", run.silent-for = 90s }%n".formatted(STORE)
            + "pekko { loglevel = WARNING, jvm-shutdown-hooks = off\n"
            + "  remote.artery.canonical { hostname = \"127.0.0.1\", port = 0 }\n"
            + "  cluster.jmx.enabled = off }";
    return SluiceNode.startAlone(SluiceConfig.over(ConfigFactory.parseString(settings)), CLOCK);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Owners owners() {
    return node.owners();
  }

  private static <T> T join(CompletableFuture<T> future) {
    return future.orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static void at(Instant time) {
    CLOCK.set(time);
    join(owners().alarms().ring());
  }

  private static void after(Duration time) {
    at(CLOCK.instant().plus(time));
  }

  // ---- deployments ----

  private static Schedule cron(String text, String zone) {
    var cron = JsonNodeFactory.instance.objectNode().put("cron", text).put("timezone", zone);
    var now = CLOCK.instant();
    ObjectNode parameters = JsonNodeFactory.instance.objectNode().put("who", "schedule");
    return new Schedule(UUID.randomUUID(), now, now, cron, true, null, parameters, null);
  }

  private static Deployment deploy(
      UnaryOperator<DeploymentSpec.Builder> spec, LimitWish limit, Schedule... schedules) {
    var made = new DeploymentSpec.Builder();
    made.name = UUID.randomUUID().toString();
    made.flowId = flow;
    made.tags = List.of("team");
    made.parameters = JsonNodeFactory.instance.objectNode().put("who", "deployment").put("n", 1);
    var edit = new Edit(spec.apply(made).build(), List.of(schedules), limit);
    return join(owners()
            .deployments()
            .put(flow, made.name, before -> CompletableFuture.completedFuture(edit)))
        .deployment();
  }

  private static Deployment deploy(Schedule... schedules) {
    return deploy(spec -> spec, new LimitWish.Keep(), schedules);
  }

  private static void change(Deployment deployment, UnaryOperator<Edit> change) {
    join(
        owners()
            .deployments()
            .change(
                deployment.id(),
                before ->
                    CompletableFuture.completedFuture(
                        change.apply(
                            new Edit(before.spec(), before.schedules(), new LimitWish.Keep())))));
  }

  private static List<FlowRun> runs(Deployment deployment) {
    var of = new Filter.Test("deployment_id", Op.ANY, List.of(deployment.id()));
    var query = new Query(Kind.FLOW_RUN, Map.of(Kind.FLOW_RUN, of));
    return join(
        owners().listings().list(query, "EXPECTED_START_TIME_ASC", 200, 0, FlowRunTable.LISTED));
  }

  private static List<String> times(Deployment deployment) {
    return runs(deployment).stream().map(run -> run.progress().expectedStart().toString()).toList();
  }

  @Nested
  class ADeploymentWithASchedule {
    @Test
    void has_its_runs_of_a_day_on_which_clocks_change_each_once() {
      at(Instant.parse("2026-03-28T12:00:00Z"));
      var deployment = deploy(cron("30 */3 * * *", "Europe/Berlin"));
      for (int hour = 0; hour < 24; hour++) {
        after(Duration.ofHours(1));
      }
      assertThat(times(deployment))
          .startsWith(
              "2026-03-28T14:30:00Z",
              "2026-03-28T17:30:00Z",
              "2026-03-28T20:30:00Z",
              "2026-03-28T23:30:00Z",
              "2026-03-29T01:30:00Z",
              "2026-03-29T04:30:00Z",
              "2026-03-29T07:30:00Z",
              "2026-03-29T10:30:00Z",
              "2026-03-29T13:30:00Z")
          .doesNotHaveDuplicates();
      assertThat(times(deployment).size()).isBetween(11, 12);
    }

    @Test
    void makes_runs_as_prefect_does() {
      var schedule = cron("0 9 * * *", "America/New_York");
      var deployment = deploy(schedule);
      after(Duration.ZERO);
      var run = runs(deployment).get(0);
      assertThat(runs(deployment)).hasSize(3);
      assertThat(run.spec().tags()).containsExactly("auto-scheduled", "team");
      assertThat(run.spec().autoScheduled()).isTrue();
      assertThat(run.spec().parameters())
          .isEqualTo(JsonNodeFactory.instance.objectNode().put("who", "schedule").put("n", 1));
      assertThat(run.spec().createdBy().id()).isEqualTo(schedule.id());
      assertThat(run.spec().createdBy().type()).isEqualTo("SCHEDULE");
      assertThat(run.spec().createdBy().displayValue()).isEqualTo("CronSchedule");
      assertThat(run.state().message()).isEqualTo("Flow run scheduled");
      assertThat(run.spec().name()).matches("[a-z]+-[a-z]+");
      assertThat(run.spec().idempotencyKey())
          .startsWith("scheduled %s %s ".formatted(deployment.id(), schedule.id()))
          .endsWith(" 09:00:00-04:00");
    }

    @Test
    void goes_on_after_a_restart_without_being_asked() {
      var deployment = deploy(cron("0 * * * *", "UTC"));
      after(Duration.ZERO);
      var before = runs(deployment).size();
      node.close();
      CLOCK.passes(Duration.ofHours(5));
      node = newNode();
      after(Duration.ZERO);
      assertThat(runs(deployment).size()).isGreaterThan(before);
      assertThat(runs(deployment).get(0).state().name()).isEqualTo("Late");
      assertThat(times(deployment)).doesNotHaveDuplicates();
    }

    @Test
    void loses_the_runs_of_a_schedule_that_goes_and_gets_those_of_one_that_comes() {
      var deployment = deploy(cron("0 12 * * *", "UTC"));
      after(Duration.ZERO);
      change(
          deployment, was -> new Edit(was.spec(), List.of(cron("15 7 * * *", "UTC")), was.limit()));
      after(Duration.ZERO);
      assertThat(times(deployment)).hasSize(3).allMatch(time -> time.endsWith("T07:15:00Z"));
      change(deployment, was -> new Edit(was.spec(), List.of(), was.limit()));
      after(Duration.ZERO);
      assertThat(runs(deployment)).isEmpty();
    }

    @Test
    void makes_no_runs_while_it_is_paused() {
      var deployment = deploy(cron("0 12 * * *", "UTC"));
      after(Duration.ZERO);
      change(
          deployment,
          was -> new Edit(was.spec().with(s -> s.paused = true), was.schedules(), was.limit()));
      after(Duration.ofDays(2));
      assertThat(runs(deployment)).isEmpty();
      change(
          deployment,
          was -> new Edit(was.spec().with(s -> s.paused = false), was.schedules(), was.limit()));
      after(Duration.ZERO);
      assertThat(runs(deployment)).hasSize(3);
    }
  }

  // ---- runs ----

  private static FlowRun run(UUID deployment, UUID parentTask, ProposedState state) {
    var spec = new RunSpec.Builder();
    spec.name = "run";
    spec.flowId = flow;
    spec.deploymentId = deployment;
    spec.parentTaskRunId = parentTask;
    return join(owners().flowRuns().create(spec.build(), FlowRunPolicy.NONE, state)).run();
  }

  private static void enter(FlowRun run, ProposedState state) {
    var proposal = new Proposal(UUID.randomUUID(), state, false, true, "", Duration.ZERO);
    join(owners().flowRuns().propose(run.id(), proposal));
  }

  private static ProposedState of(StateType type) {
    return ProposedState.of(type);
  }

  /** A little after the clock: the times of a run's states rise even if the clock stands. */
  private static Instant entered(FlowRun run) {
    return now(run).state().timestamp();
  }

  private static FlowRun now(FlowRun run) {
    return join(owners().flowRuns().get(run.id()));
  }

  @Nested
  class ARun {
    @Test
    void is_late_15_s_after_its_time_and_keeps_it() {
      var due = CLOCK.instant().plusSeconds(60);
      var run = run(null, null, ProposedState.scheduled(null, null, due));
      at(due.plusMillis(14_999));
      assertThat(now(run).state().name()).isEqualTo("Scheduled");
      at(due.plusSeconds(15));
      assertThat(now(run).state().name()).isEqualTo("Late");
      assertThat(now(run).progress().nextScheduledStart()).isEqualTo(due);
    }

    @Test
    void that_would_not_wait_is_cancelled_instead_of_late_while_the_limit_is_full() {
      var deployment =
          deploy(
              spec -> {
                spec.concurrencyOptions =
                    new ConcurrencyOptions(ConcurrencyOptions.Strategy.CANCEL_NEW, null);
                return spec;
              },
              new LimitWish.Own(1));
      var first = run(deployment.id(), null, of(StateType.SCHEDULED));
      var second = run(deployment.id(), null, of(StateType.SCHEDULED));
      enter(first, of(StateType.PENDING));
      enter(first, of(StateType.RUNNING));
      after(Duration.ofSeconds(15));
      assertThat(now(second).stateType()).isEqualTo(StateType.CANCELLED);
      assertThat(now(second).state().message()).isEqualTo("Deployment concurrency limit reached.");
    }

    @Test
    void fails_when_nobody_resumed_it_in_time() {
      var run = run(null, null, of(StateType.RUNNING));
      var until = CLOCK.instant().plusSeconds(600);
      enter(run, of(StateType.PAUSED).with(d -> d.pauseTimeout = until));
      at(until.plusMillis(4_999));
      assertThat(now(run).stateType()).isEqualTo(StateType.PAUSED);
      at(until.plusSeconds(5));
      assertThat(now(run).stateType()).isEqualTo(StateType.FAILED);
      assertThat(now(run).state().message()).isEqualTo("The flow was paused and never resumed.");
    }

    @Test
    void is_cancelled_when_nobody_finishes_cancelling_it_for_300_s() {
      var run = run(null, null, of(StateType.RUNNING));
      enter(run, of(StateType.CANCELLING));
      at(entered(run).plusMillis(299_999));
      assertThat(now(run).stateType()).isEqualTo(StateType.CANCELLING);
      at(entered(run).plusMillis(300_000));
      assertThat(now(run).stateType()).isEqualTo(StateType.CANCELLED);
    }

    @Test
    void that_is_cancelled_takes_along_what_it_started() {
      var deployment = deploy();
      var parent = run(null, null, of(StateType.RUNNING));
      var tasks = List.of(task(parent, "a"), task(parent, "b"), task(parent, "c"));
      var inside = run(null, tasks.get(1), of(StateType.RUNNING));
      var deployed = run(deployment.id(), tasks.get(2), of(StateType.RUNNING));
      enter(parent, of(StateType.CANCELLED));
      at(entered(parent));
      assertThat(now(inside).stateType()).isEqualTo(StateType.CANCELLED);
      assertThat(now(inside).state().message()).isEqualTo("The parent flow run was cancelled.");
      assertThat(now(deployed).stateType()).isEqualTo(StateType.CANCELLING);
      assertThat(join(owners().taskRuns().get(tasks.get(0))).state().type())
          .isEqualTo(StateType.CANCELLED);
    }

    private static UUID task(FlowRun parent, String key) {
      return task(parent, key, List.of(), of(StateType.RUNNING));
    }

    private static UUID task(FlowRun parent, String key, List<String> tags) {
      return task(parent, key, tags, of(StateType.PENDING));
    }

    private static UUID task(FlowRun parent, String key, List<String> tags, ProposedState state) {
      var policy = TaskRunPolicy.NONE;
      var spec =
          new TaskRunSpec(key, parent.id(), key, key, null, null, null, policy, tags, null, null);
      return join(owners().taskRuns().create(null, spec, state)).run().id();
    }

    /** Newer clients take leases of their own. */
    @Test
    void has_the_slots_of_its_tasks_free_when_one_is_said_to_be_over_or_deleted() {
      var tags = List.of(UUID.randomUUID().toString(), UUID.randomUUID().toString());
      tags.forEach(tag -> join(owners().limits().create(LimitSettings.of("tag:" + tag, 1), 0)));
      var parent = run(null, null, of(StateType.RUNNING));
      for (var end : List.of(StateType.COMPLETED, StateType.FAILED)) {
        var task = task(parent, end.name(), tags);
        propose(task, StateType.RUNNING);
        assertThat(taken(tags)).isEqualTo(2);
        propose(task, end);
        assertThat(taken(tags)).isZero();
      }
      var deleted = task(parent, "deleted", tags);
      propose(deleted, StateType.RUNNING);
      join(owners().taskRuns().delete(deleted));
      assertThat(taken(tags)).isZero();
    }

    private static void propose(UUID task, StateType state) {
      var proposal = new TaskCommand.Propose(UUID.randomUUID(), of(state), false, false);
      join(owners().taskRuns().propose(task, proposal));
    }

    private static int taken(List<String> tags) {
      return tags.stream()
          .mapToInt(tag -> join(owners().limits().get("tag:" + tag)).activeSlots())
          .sum();
    }

    @Test
    void that_was_claimed_and_not_started_is_put_back_and_its_slot_is_free() {
      var deployment = deploy(spec -> spec, new LimitWish.Own(1));
      var run = run(deployment.id(), null, of(StateType.SCHEDULED));
      enter(run, of(StateType.PENDING));
      assertThat(join(owners().limits().get(deployment.limitId())).activeSlots()).isEqualTo(1);
      at(entered(run).plusMillis(299_999));
      assertThat(now(run).stateType()).isEqualTo(StateType.PENDING);
      at(entered(run).plusMillis(300_000));
      assertThat(now(run).stateType()).isEqualTo(StateType.SCHEDULED);
      // It is Late at once, too: it was due five minutes ago.
      assertThat(join(owners().flowRuns().history(run.id())))
          .anySatisfy(state -> assertThat(state.message()).startsWith("Put back:"));
      assertThat(now(run).progress().waitingSince()).isEqualTo(run.progress().waitingSince());
      assertThat(join(owners().limits().get(deployment.limitId())).activeSlots()).isZero();
    }

    @Test
    void crashes_when_its_process_was_not_heard_of_for_the_bound_that_is_set() {
      var run = run(null, null, of(StateType.RUNNING));
      after(Duration.ofSeconds(60));
      owners().flowRuns().heard(run.id());
      assertThat(now(run).stateType()).isEqualTo(StateType.RUNNING);
      after(Duration.ofMillis(89_999));
      assertThat(now(run).stateType()).isEqualTo(StateType.RUNNING);
      after(Duration.ofMillis(1));
      assertThat(now(run).stateType()).isEqualTo(StateType.CRASHED);
      assertThat(now(run).state().message()).contains("90 s");
    }

    /** The renewals are the only sign of life of clients that send no heartbeats. */
    @Test
    void does_not_crash_while_its_lease_is_renewed_whatever_became_of_the_limit() {
      var deployment = deploy(spec -> spec, new LimitWish.Own(1));
      var run = run(deployment.id(), null, of(StateType.SCHEDULED));
      enter(run, of(StateType.PENDING));
      enter(run, of(StateType.RUNNING));
      var lease = now(run).leaseId();
      change(deployment, was -> new Edit(was.spec(), was.schedules(), new LimitWish.None()));
      join(owners().limits().renew(lease, Duration.ofSeconds(600)));
      after(Duration.ofSeconds(200));
      assertThat(now(run).stateType()).isEqualTo(StateType.RUNNING);
      join(owners().limits().release(lease));
      after(Duration.ofSeconds(90));
      assertThat(now(run).stateType()).isEqualTo(StateType.CRASHED);
    }
  }
}

package io.sluice.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import io.sluice.deployment.Deployment;
import io.sluice.deployment.DeploymentSpec;
import io.sluice.deployment.Deployments.Edit;
import io.sluice.deployment.LimitWish;
import io.sluice.deployment.Schedule;
import io.sluice.filter.Filter;
import io.sluice.filter.Kind;
import io.sluice.filter.Op;
import io.sluice.filter.Query;
import io.sluice.run.FlowRun;
import io.sluice.run.FlowRunTable;
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
        "sluice { store.url = \"%s\" }%n".formatted(STORE)
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
}

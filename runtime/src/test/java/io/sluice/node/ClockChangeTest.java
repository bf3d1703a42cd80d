package io.sluice.node;

import static io.sluice.node.TestNode.await;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import io.sluice.run.State;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole node walks through the days on which clocks change, half an hour at a time, and starts
 * anew shortly before the change and right after it. Compares with what Prefect 3.8.8 schedules;
 * see {@code clock_changes.py}.
 */
@DisplayName("A day on which clocks change")
class ClockChangeTest {
  private static final Duration STEP = Duration.ofMinutes(30);
  private static final Duration DAY = Duration.ofHours(27);
  private static final Duration LATE = Duration.ofSeconds(15);
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ssxxx");

  @TempDir Path dir;

  private SettableClock clock;
  private TestNode node;

  /** A schedule on one day and its runs. */
  private record Row(
      String zone, LocalDate day, String kind, String text, String anchor, List<String> prefect) {

    static Row parse(String line) {
      var cells = line.split("\t", -1);
      return new Row(
          cells[0],
          LocalDate.parse(cells[1]),
          cells[2],
          cells[3],
          cells[4],
          List.of(cells[5].split(";")));
    }

    ZoneId in() {
      return ZoneId.of(zone);
    }

    Instant begin() {
      return day.atStartOfDay(in()).toInstant().minus(Duration.ofHours(1));
    }

    Instant change() {
      return in().getRules().nextTransition(begin()).getInstant();
    }

    boolean clocksAreSetBack() {
      return in().getRules().nextTransition(begin()).isOverlap();
    }

    Schedule schedule(Instant now) {
      var schedule = JsonNodeFactory.instance.objectNode().put("timezone", zone);
      if (kind.equals("interval")) {
        schedule.put("interval", Integer.parseInt(text)).put("anchor_date", anchor);
      } else {
        schedule.put(kind, text);
      }
      return new Schedule(UUID.randomUUID(), now, now, schedule, true, null, null, text);
    }

    /**
     * Prefect's runs, but for two things that depend on the version of its Python: 3.13 gives an
     * interval of hours its run in the hour that comes twice, 3.11 does not; and 3.11 runs what is
     * left out on the wall an hour early.
     */
    List<Instant> expected() {
      var dates = new TreeSet<Instant>();
      prefect.forEach(date -> dates.add(Instant.parse(date)));
      if (text.equals("3600") && clocksAreSetBack()) {
        assertThat(dates.add(change().plus(Duration.ofMinutes(15)))).isTrue();
      }
      if (text.equals("30 2 * * *") && !clocksAreSetBack()) {
        assertThat(dates.remove(change().minus(STEP))).isTrue();
        dates.add(change().plus(STEP));
      }
      return List.copyOf(dates);
    }
  }

  private static List<Row> rows() throws IOException {
    var file = ClockChangeTest.class.getResourceAsStream("clock_changes.tsv");
    try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
      return lines.lines().map(Row::parse).toList();
    }
  }

  @AfterEach
  void stop() {
    if (node != null) {
      node.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> has_every_run_once_at_the_time_that_prefect_gives_it() throws IOException {
    return rows().stream()
        .collect(groupingBy(row -> row.zone() + " " + row.day()))
        .entrySet()
        .stream()
        .map(day -> dynamicTest(day.getKey(), () -> walk(day.getValue())));
  }

  private void walk(List<Row> rows) {
    var first = rows.get(0);
    stop();
    clock = new SettableClock(first.begin());
    var store = "jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1".formatted(UUID.randomUUID());
    node = TestNode.start(dir, Map.of("sluice.store.url", store), clock);
    var schedules = rows.stream().map(row -> row.schedule(clock.instant())).toList();
    var deployment = deploy(schedules);
    var restarts =
        new TreeSet<>(
            List.of(
                first.change().minus(Duration.ofMinutes(20)),
                first.change().plus(Duration.ofMinutes(10))));
    var end = first.begin().plus(DAY);
    for (var at = first.begin(); at.isBefore(end); at = at.plus(STEP)) {
      ring(at);
      if (!restarts.isEmpty() && restarts.first().isBefore(at.plus(STEP))) {
        clock.set(restarts.pollFirst());
        node.restart();
        ring(clock.instant());
      }
    }
    ring(end.plus(LATE));
    var runs = runs(deployment, end);
    for (int i = 0; i < rows.size(); i++) {
      var schedule = schedules.get(i).id();
      check(
          rows.get(i),
          deployment,
          schedule,
          runs.stream().filter(run -> run.spec().createdBy().id().equals(schedule)).toList());
    }
  }

  private void check(Row row, Deployment deployment, UUID schedule, List<FlowRun> runs) {
    var expected = row.expected();
    assertThat(runs)
        .as("%s", row)
        .extracting(run -> run.progress().expectedStart())
        .isEqualTo(expected);
    assertThat(runs)
        .extracting(run -> run.spec().idempotencyKey())
        .isEqualTo(
            expected.stream()
                .map(at -> WRITTEN.format(at.atZone(row.in())))
                .map(at -> "scheduled %s %s %s".formatted(deployment.id(), schedule, at))
                .toList());
    assertThat(runs)
        .allSatisfy(
            run ->
                assertThat(await(node.owners().flowRuns().history(run.id())))
                    .extracting(State::name)
                    .containsExactly("Scheduled", "Late"));
  }

  // ---- the node ----

  /** All that is due at {@code time} is done when this returns. */
  private void ring(Instant time) {
    clock.set(time);
    await(node.owners().alarms().ring());
  }

  private Deployment deploy(List<Schedule> schedules) {
    var flow = await(node.owners().flows().ensure("daily", List.of(), null)).flow().id();
    var spec = new DeploymentSpec.Builder();
    spec.name = "d";
    spec.flowId = flow;
    var edit = new Edit(spec.build(), schedules, new LimitWish.Keep());
    return await(
            node.owners()
                .deployments()
                .put(flow, spec.name, before -> CompletableFuture.completedFuture(edit)))
        .deployment();
  }

  private List<FlowRun> runs(Deployment deployment, Instant end) {
    var of = new Filter.Test("deployment_id", Op.ANY, List.of(deployment.id()));
    var query = new Query(Kind.FLOW_RUN, Map.of(Kind.FLOW_RUN, of));
    return await(
            node.owners()
                .listings()
                .list(query, "EXPECTED_START_TIME_ASC", 200, 0, FlowRunTable.LISTED))
        .stream()
        .filter(run -> run.progress().expectedStart().isBefore(end))
        .toList();
  }
}

package io.sluice.filter;

import static io.sluice.node.TestNode.await;
import static java.time.temporal.ChronoUnit.MICROS;
import static java.util.Comparator.comparing;
import static java.util.Comparator.nullsFirst;
import static java.util.Comparator.nullsLast;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.run.Histories;
import io.sluice.run.Histories.Count;
import io.sluice.store.Store;
import io.sluice.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages and histories of runs hold what they should, whatever plan the database makes for them. */
abstract class RunQueryContract {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.000001Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final List<String> STATES = List.of("COMPLETED", "FAILED", "SCHEDULED", "RUNNING");
  private static final List<UUID> DEPLOYMENTS = List.of(new UUID(7, 1), new UUID(7, 2));
  private static final int RUNS = 300;
  private static final int PAGE = 20;

  Store store;

  /** Settings of an empty database. */
  abstract StoreSettings settings() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = Store.open(settings());
  }

  @AfterEach
  void close() {
    store.close();
  }

  // ---- pages ----

  /** Some starts are equal, some unknown. */
  private List<RunRow> fill() {
    var random = new Random(4);
    var runs = new ArrayList<RunRow>();
    for (int i = 1; i <= RUNS; i++) {
      var expected = i % 10 == 0 ? null : NOON.plusSeconds(random.nextInt(60));
      var started = i % 3 == 0 ? NOON.plusSeconds(random.nextInt(60)) : null;
      var state = STATES.get(random.nextInt(STATES.size()));
      runs.add(new RunRow(i, state, DEPLOYMENTS.get(i % 2), NOON, expected, started, 0));
    }
    RunRow.insert(store, runs);
    return runs;
  }

  private record Ask(Query query, Predicate<RunRow> fits) {}

  private static Query query(Filter... parts) {
    return new Query(Kind.FLOW_RUN, Map.of(Kind.FLOW_RUN, new Filter.All(List.of(parts))));
  }

  private static Query ofState(String... types) {
    return query(new Filter.Test("state.type", Op.ANY, List.of(types)));
  }

  private static List<Ask> asks() {
    var completed = new Filter.Test("state.type", Op.ANY, List.of("COMPLETED"));
    var failed = new Filter.Test("state.type", Op.ANY, List.of("FAILED"));
    var first = new Filter.Test("deployment_id", Op.ANY, List.of(DEPLOYMENTS.get(0)));
    Predicate<RunRow> isCompleted = run -> run.type().equals("COMPLETED");
    Predicate<RunRow> isFirst = run -> run.deployment().equals(DEPLOYMENTS.get(0));
    return List.of(
        new Ask(new Query(Kind.FLOW_RUN, Map.of()), run -> true),
        new Ask(query(completed), isCompleted),
        new Ask(query(first), isFirst),
        new Ask(query(completed, first), isCompleted.and(isFirst)),
        new Ask(query(completed, failed), run -> false),
        new Ask(query(new Filter.Any(List.of(completed, first))), isCompleted.or(isFirst)),
        new Ask(ofState("COMPLETED", "FAILED"), isCompleted.or(run -> run.type().equals("FAILED"))),
        new Ask(
            query(completed, new Filter.Test("start_time", Op.AFTER, NOON.plusSeconds(30))),
            isCompleted.and(
                run ->
                    run.startOrExpected() != null
                        && !run.startOrExpected().isBefore(NOON.plusSeconds(30)))));
  }

  /** Null is the least to H2, the greatest to PostgreSQL. */
  private <T extends Comparable<T>> Comparator<T> nulls() {
    return store.dialect() == SQLDialect.H2
        ? nullsFirst(Comparator.<T>naturalOrder())
        : nullsLast(Comparator.<T>naturalOrder());
  }

  /** Ids in the order of a database, which compares them without a sign. */
  private static Comparator<RunRow> byId() {
    return comparing(run -> run.id().toString());
  }

  private Map<String, Comparator<RunRow>> sorts() {
    Comparator<RunRow> byStart = comparing(RunRow::startOrExpected, nulls());
    Comparator<RunRow> byExpected = comparing(RunRow::expected, nulls());
    return Map.of(
        "ID_DESC", byId().reversed(),
        "START_TIME_ASC", byStart.thenComparing(byId()),
        "START_TIME_DESC", byStart.reversed().thenComparing(byId()),
        "EXPECTED_START_TIME_ASC", byExpected.thenComparing(byId()),
        "EXPECTED_START_TIME_DESC", byExpected.reversed().thenComparing(byId()),
        "NAME_ASC", comparing(RunRow::name).thenComparing(byId()));
  }

  @Test
  void page_by_page_is_the_whole_in_order() {
    var runs = fill();
    var listings = new Listings(store);
    var id = DSL.field("flow_run.id", UUID.class);
    var listed = new Listed<>(List.of(id), row -> row.get(id));
    for (var ask : asks()) {
      sorts()
          .forEach(
              (sort, order) -> {
                var all = runs.stream().filter(ask.fits()).sorted(order).map(RunRow::id).toList();
                assertThat(await(listings.count(ask.query()))).isEqualTo(all.size());
                var found = new ArrayList<UUID>();
                for (int from = 0; from < all.size() + PAGE; from += PAGE) {
                  var page = await(listings.list(ask.query(), sort, PAGE, from, listed));
                  assertThat(await(listings.ids(ask.query(), sort, PAGE, from))).isEqualTo(page);
                  found.addAll(page);
                }
                assertThat(found).as("%s by %s", ask.query(), sort).isEqualTo(all);
              });
    }
  }

  // ---- histories ----

  private List<Count> history(Query query, Instant now) {
    return await(new Histories(store).byInterval(query, NOON, HOUR, 2, now)).stream()
        .sorted(comparing(Count::interval).thenComparing(Count::stateType))
        .toList();
  }

  private static RunRow completed(int number, Instant expected) {
    return new RunRow(number, "COMPLETED", null, NOON, expected, expected, 1.5);
  }

  @Test
  void a_history_counts_each_run_in_the_interval_that_begins_at_or_before_it() {
    var edge = NOON.plus(HOUR);
    RunRow.insert(
        store,
        List.of(
            completed(1, NOON.minus(1, MICROS)),
            completed(2, NOON),
            completed(3, edge.minus(1, MICROS)),
            completed(4, edge),
            completed(5, edge.plus(HOUR).minus(1, MICROS)),
            completed(6, edge.plus(HOUR)),
            completed(7, null)));
    assertThat(history(ofState("COMPLETED"), edge))
        .containsExactly(
            new Count(0, "COMPLETED", "COMPLETED", 2, 3, 0),
            new Count(1, "COMPLETED", "COMPLETED", 2, 3, 0));
  }

  @Test
  void a_history_adds_up_how_long_runs_take_and_how_late_they_are() {
    var now = NOON.plusSeconds(100);
    RunRow.insert(
        store,
        List.of(
            new RunRow(1, "RUNNING", null, NOON.plusMillis(2500), NOON, NOON.plusSeconds(2), 4),
            new RunRow(2, "RUNNING", null, NOON.plusSeconds(90), NOON, NOON.minusSeconds(5), 0),
            new RunRow(3, "SCHEDULED", null, NOON, NOON.plusSeconds(40), null, 0),
            new RunRow(4, "SCHEDULED", null, NOON, NOON.plusSeconds(101), null, 0),
            new RunRow(5, "FAILED", null, NOON, NOON.plusSeconds(1), null, 7)));
    assertThat(history(new Query(Kind.FLOW_RUN, Map.of()), now))
        .containsExactly(
            new Count(0, "FAILED", "FAILED", 1, 7, 0),
            new Count(0, "RUNNING", "RUNNING", 2, 4 + 97.5 + 10, 2),
            new Count(0, "SCHEDULED", "SCHEDULED", 2, 0, 60));
    var histories = new Histories(store);
    assertThat(await(histories.lateness(new Query(Kind.FLOW_RUN, Map.of()), now)))
        .hasValue((2 + 60) / 5.0);
    assertThat(await(histories.lateness(ofState("CANCELLED"), now))).isEmpty();
  }
}

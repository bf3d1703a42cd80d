package io.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sluice.filter.Filter.All;
import io.sluice.filter.Filter.Any;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The filter grammar")
class KindTest {
  private static final Set<Op> OF_LISTS =
      EnumSet.of(Op.ANY, Op.NOT_ANY, Op.ALL, Op.STARTS_WITH, Op.ID, Op.TYPE);
  private static final Set<Op> OF_FLAGS = EnumSet.of(Op.IS_NULL, Op.EXISTS);

  private static String sql(Kind kind, Filter filter) {
    return kind.condition(filter).toString().replaceAll("\\s+", " ").replace("\"", "");
  }

  private static String sql(Kind kind, String field, Op op, Object value) {
    return sql(kind, new Filter.Test(field, op, value));
  }

  /** Every question that may be asked of any field has an SQL that mentions a column. */
  @TestFactory
  Stream<DynamicTest> has_sql_for_every_question() {
    return Arrays.stream(Kind.values())
        .flatMap(kind -> kind.fields().values().stream().flatMap(field -> asks(kind, field)));
  }

  private static Stream<DynamicTest> asks(Kind kind, FilterField field) {
    return field.ops().stream()
        .map(
            op ->
                dynamicTest(
                    kind + " " + field.path() + " " + op,
                    () -> assertThat(sql(kind, field.path(), op, value(field, op))).isNotEmpty()));
  }

  private static Object value(FilterField field, Op op) {
    if (OF_FLAGS.contains(op)) {
      return true;
    } else if (op == Op.ID) {
      return List.of(new UUID(1, 1));
    }
    var one =
        switch (field.type()) {
          case ID -> new UUID(1, 1);
          case TEXT -> "x";
          case STATE_TYPE -> "RUNNING";
          case TIME -> Instant.EPOCH;
          case INTEGER -> 1;
          case FLAG -> true;
        };
    return OF_LISTS.contains(op) ? List.of(one) : one;
  }

  @Test
  void takes_everything_without_conditions_however_they_are_joined() {
    assertThat(sql(Kind.FLOW, Filter.everything())).isEqualTo("true");
    assertThat(sql(Kind.FLOW, new Any(List.of()))).isEqualTo("true");
  }

  @Test
  void finds_nothing_in_an_empty_list_and_excludes_nothing_by_one() {
    for (var field : List.of("id", "name", "tags", "state.type")) {
      assertThat(sql(Kind.FLOW_RUN, field, Op.ANY, List.of())).as(field).isEqualTo("false");
    }
    assertThat(sql(Kind.FLOW_RUN, "id", Op.NOT_ANY, List.of())).isEqualTo("true");
    assertThat(sql(Kind.FLOW_RUN, "created_by", Op.ID, List.of())).isEqualTo("false");
    assertThat(sql(Kind.WORK_QUEUE, "name", Op.STARTS_WITH, List.of())).isEqualTo("true");
  }

  @Test
  void joins_siblings_by_and_or_by_or() {
    var one = new Filter.Test("state.name", Op.ANY, List.of("Late"));
    var other = new Filter.Test("flow_version", Op.ANY, List.of("1"));
    assertThat(sql(Kind.FLOW_RUN, new All(List.of(one, other)))).contains(" and ");
    assertThat(sql(Kind.FLOW_RUN, new Any(List.of(one, other)))).contains(" or ");
    var nested = new Any(List.of(one, new All(List.of(other, one))));
    assertThat(sql(Kind.FLOW_RUN, nested)).contains(" or ").contains(" and ");
  }

  @Test
  void includes_the_bounds_of_times_and_numbers() {
    assertThat(sql(Kind.LOG, "level", Op.GE, 20)).isEqualTo("log.level >= 20");
    assertThat(sql(Kind.LOG, "level", Op.LE, 20)).isEqualTo("log.level <= 20");
    assertThat(sql(Kind.LOG, "timestamp", Op.BEFORE, Instant.EPOCH)).contains("<=");
    assertThat(sql(Kind.LOG, "timestamp", Op.AFTER, Instant.EPOCH)).contains(">=");
  }

  @Test
  void compares_a_start_that_has_not_been_with_the_expected_one_but_not_for_being_null() {
    assertThat(sql(Kind.FLOW_RUN, "start_time", Op.AFTER, Instant.EPOCH))
        .contains("flow_run.start_or_expected >=");
    assertThat(sql(Kind.FLOW_RUN, "start_time", Op.IS_NULL, true))
        .isEqualTo("flow_run.start_time is null");
  }

  @Test
  void finds_any_of_the_words_of_a_log_without_the_excluded_and_with_the_required_ones() {
    var text = "lower(((log.message || ' ') || log.name))";
    assertThat(sql(Kind.LOG, "text", Op.QUERY, "50% ETL"))
        .contains("position('50%' in " + text + ") > 0 or position('etl' in " + text + ") > 0");
    assertThat(sql(Kind.LOG, "text", Op.QUERY, "a -b !\"c d\" +e"))
        .contains("not (position('b' in", "not (position('c d' in", "position('e' in")
        .doesNotContain(" or ");
    assertThat(sql(Kind.LOG, "text", Op.QUERY, " ")).isEqualTo("true");
  }

  @Test
  void finds_a_part_of_a_text_in_any_case_with_wildcards() {
    assertThat(sql(Kind.FLOW, "name", Op.LIKE, "50% ETL"))
        .isEqualTo("lower(flow.name) like '%50% etl%' escape '\\'");
    assertThat(sql(Kind.FLOW, "name", Op.LIKE, "a\\_b")).contains("'%a\\\\_b%'");
    assertThat(sql(Kind.WORK_QUEUE, "name", Op.STARTS_WITH, List.of("A_", "b")))
        .contains("like 'a_%'")
        .contains(" or ")
        .contains("like 'b%'");
  }

  @Test
  void asks_for_each_of_all_tags_and_for_one_of_any() {
    var tags = List.of("a", "b");
    assertThat(sql(Kind.FLOW, "tags", Op.ALL, tags).split("exists", -1)).hasSize(3);
    assertThat(sql(Kind.FLOW, "tags", Op.ANY, tags).split("exists", -1)).hasSize(2);
    assertThat(sql(Kind.FLOW, "tags", Op.IS_NULL, true)).startsWith("not");
    assertThat(sql(Kind.FLOW, "tags", Op.IS_NULL, false)).startsWith("exists");
  }

  @Test
  void turns_existence_round_for_columns_that_may_be_null() {
    assertThat(sql(Kind.ARTIFACT, "key", Op.EXISTS, true))
        .isEqualTo("artifact.artifact_key is not null");
    assertThat(sql(Kind.ARTIFACT, "key", Op.EXISTS, false))
        .isEqualTo("artifact.artifact_key is null");
  }

  @Test
  void follows_the_way_from_one_kind_to_another() {
    var named = new Filter.Test("name", Op.ANY, List.of("p"));
    var query = new Query(Kind.TASK_RUN, Map.of(Kind.WORK_POOL, named));
    var sql = query.condition().toString().replaceAll("\\s+", " ").replace("\"", "");
    assertThat(sql)
        .containsSubsequence(
            "task_run.flow_run_id = flow_run.id",
            "flow_run.work_queue_id = work_queue.id",
            "work_queue.work_pool_id = work_pool.id",
            "work_pool.name");
  }

  @Test
  void holds_for_the_kind_itself_without_a_way() {
    var query =
        new Query(Kind.FLOW, Map.of(Kind.FLOW, new Filter.Test("name", Op.ANY, List.of("f"))));
    assertThat(query.condition().toString()).doesNotContain("exists");
  }
}

package io.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.sluice.store.StoreSettings;
import io.sluice.store.Stores;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Pages and histories in H2")
class H2RunQueryTest extends RunQueryContract {
  @TempDir Path dir;

  @Override
  StoreSettings settings() {
    return Stores.h2(dir);
  }

  private String plan(Query query, String sort) {
    var page = store.sql().renderInlined(Listings.page(query, sort, 50, 100));
    return store.sql().fetchValue("explain " + page).toString().replaceAll("\\s+", " ");
  }

  private static Query query(Kind kind, String path, Object value) {
    return new Query(kind, Map.of(kind, new Filter.Test(path, Op.ANY, List.of(value))));
  }

  /** Sorted by what only a read of all that fit would tell, pages would take longer and longer. */
  @TestFactory
  Stream<DynamicTest> pages_of_one_value_are_read_in_the_order_of_an_index() {
    return Stream.of(
            "FLOW_RUN state.type START_TIME_DESC FLOW_RUN_STATE",
            "FLOW_RUN state.type START_TIME_ASC FLOW_RUN_STATE",
            "FLOW_RUN state.type EXPECTED_START_TIME_DESC FLOW_RUN_STATE_EXPECTED",
            "FLOW_RUN deployment_id START_TIME_DESC FLOW_RUN_DEPLOYMENT_START",
            "TASK_RUN state.type START_TIME_DESC TASK_RUN_STATE",
            "TASK_RUN state.type EXPECTED_START_TIME_ASC TASK_RUN_STATE_EXPECTED")
        .map(row -> row.split(" "))
        .map(row -> dynamicTest(String.join(" ", row), () -> assertIndexed(row)));
  }

  private void assertIndexed(String[] row) {
    Object value = row[1].equals("state.type") ? "COMPLETED" : new UUID(1, 1);
    assertThat(plan(query(Kind.valueOf(row[0]), row[1], value), row[2]))
        .contains("PUBLIC.%s: ".formatted(row[3]))
        .contains("/* index sorted");
  }

  /** An id finds one run at once; in the order of an index all of a state would be looked at. */
  @Test
  void a_field_of_rare_values_is_looked_up() {
    var parts =
        new Filter.All(
            List.of(
                new Filter.Test("state.type", Op.ANY, List.of("COMPLETED")),
                new Filter.Test("id", Op.ANY, List.of(new UUID(1, 1)))));
    assertThat(plan(new Query(Kind.FLOW_RUN, Map.of(Kind.FLOW_RUN, parts)), "START_TIME_DESC"))
        .contains("ID = UUID")
        .doesNotContain("index sorted");
  }
}

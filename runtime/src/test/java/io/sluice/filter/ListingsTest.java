package io.sluice.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.SortField;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("A listing")
class ListingsTest {

  @TestFactory
  Stream<DynamicTest> is_sorted_by_no_column_twice_and_last_by_id() {
    return Arrays.stream(Kind.values())
        .flatMap(
            kind ->
                Listings.sorts(kind).keySet().stream()
                    .map(sort -> dynamicTest(kind + " " + sort, () -> isGood(kind, sort))));
  }

  private static void isGood(Kind kind, String sort) {
    assertThat(Listings.order(kind, sort).stream().map(SortField::$field).toList())
        .doesNotHaveDuplicates()
        .last()
        .extracting(Field::getName)
        .isEqualTo("id");
  }
}

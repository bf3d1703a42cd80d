package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A transaction in the log")
class RedoRecordTest {
  private static final Instant TIME = Instant.parse("2026-11-22T08:00:00.123456789Z");

  private static RedoRecord of(Object... binds) {
    return new RedoRecord("writer", 7, List.of(RowChange.of("a statement", binds)));
  }

  private static Object[] readBack(Object... binds) {
    return RedoRecord.of(of(binds).bytes()).changes().get(0).binds();
  }

  @Test
  void comes_back_as_it_was() {
    var first = RowChange.fenced("update run set äöü = ?", "x");
    var second = RowChange.of("delete from run");
    var record = new RedoRecord("row-writer", 42, List.of(first, second, first));

    var read = RedoRecord.of(record.bytes());

    assertThat(read.writer()).isEqualTo("row-writer");
    assertThat(read.number()).isEqualTo(42);
    assertThat(read.changes())
        .extracting(RowChange::sql)
        .containsExactly("update run set äöü = ?", "delete from run", "update run set äöü = ?");
    assertThat(read.changes()).extracting(RowChange::mustHit).containsExactly(true, false, true);
  }

  @Test
  void holds_every_kind_of_value_that_rows_have() {
    var id = UUID.fromString("00000000-0000-0001-8000-000000000002");
    var values =
        new Object[] {null, "", "a\0ü𝄞", 1, -1L, 0.5, true, false, new byte[] {0, -1}, id};

    assertThat(readBack(values)).usingRecursiveComparison().isEqualTo(values);
  }

  @Test
  void holds_times_to_the_nanosecond_and_names_of_constants() {
    assertThat(readBack(TIME, TIME.atOffset(ZoneOffset.UTC), Thread.State.NEW))
        .containsExactly(TIME, TIME, "NEW");
  }

  @Test
  void is_refused_with_a_value_that_no_row_has() {
    assertThatThrownBy(() -> of(BigDecimal.ONE).bytes())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No row has a java.math.BigDecimal");
  }

  @Test
  void is_not_taken_from_other_bytes() {
    var bytes = of("x").bytes();
    for (int length = 0; length < bytes.length; length++) {
      var cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> RedoRecord.of(cut)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}

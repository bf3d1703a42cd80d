package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The writer of rows")
class RowWriterTest {
  @TempDir Path dir;

  private static RowChange insert() {
    return RowChange.of("insert into tag (entity_id, tag) values (?, ?)", UUID.randomUUID(), "x");
  }

  @Test
  void goes_on_after_a_write_that_makes_no_sense() throws Exception {
    try (var store = Store.open(Stores.h2(dir))) {
      var senseless = store.writer().write(List.of(new RowChange(null, new Object[0], false)));
      assertThatThrownBy(() -> senseless.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(NullPointerException.class);
      store.writer().write(List.of(insert())).get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void says_that_it_is_closed() {
    var store = Store.open(Stores.h2(dir));
    store.close();
    var late = store.writer().write(List.of(insert()));
    assertThat(late).isCompletedExceptionally();
    assertThatThrownBy(late::join)
        .hasCauseInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("The store is closed");
  }
}

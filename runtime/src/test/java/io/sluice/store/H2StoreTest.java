package io.sluice.store;

import static io.sluice.node.TestNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store in an H2 file")
class H2StoreTest extends StoreContract {
  @TempDir Path dir;

  @Override
  StoreSettings settings() {
    return Stores.h2(dir);
  }

  /** As a machine that loses power would leave it: only what the file held at that moment. */
  @Test
  void has_in_its_file_what_it_acknowledged(@TempDir Path later) throws Exception {
    // H2's own way would be to write half a second later.
    try (var store = Store.open(settings())) {
      for (int i = 0; i < 20; i++) {
        var insert =
            RowChange.of("insert into tag (entity_id, tag) values (?, ?)", new UUID(0, i), "x");
        await(store.writer().write(List.of(insert)));
        var copy = Files.createDirectory(later.resolve("copy" + i));
        Stores.copyAsKilled(dir, copy);
        try (var found = Store.open(Stores.inUse(Stores.h2(copy)))) {
          assertThat(found.sql().fetchCount(DSL.table("tag"))).isEqualTo(i + 1);
        }
      }
    }
  }

  /** Each commit writes 8 KiB and more, nearly all of which is dead with the next one. */
  @Test
  void reuses_what_is_dead_in_its_file() throws Exception {
    var commits = 12_000;
    try (var store = Store.open(settings())) {
      for (int i = 0; i < commits; i++) {
        await(
            store
                .writer()
                .write(
                    List.of(
                        RowChange.of("delete from tag"),
                        RowChange.of(
                            "insert into tag (entity_id, tag) values (?, ?)",
                            new UUID(0, i),
                            "x"))));
      }
      assertThat(Files.size(dir.resolve("sluice.mv.db"))).isLessThan(commits * 4096L);
    }
  }
}

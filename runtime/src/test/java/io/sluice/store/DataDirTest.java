package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A data directory")
class DataDirTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path temp;
  Path path;

  @BeforeEach
  void name() {
    path = temp.resolve("data");
  }

  private DataDir open() {
    return DataDir.open(path.resolve("sluice.mv.db"), "1.2.3", NOON);
  }

  private DataDirUnusable refused() {
    return catchThrowableOfType(DataDirUnusable.class, this::open);
  }

  @Nested
  class WhenNew {
    @Test
    void is_made_with_its_parents_and_marked() throws IOException {
      path = temp.resolve("a/b");
      open().close();
      assertThat(path.resolve("sluice.data"))
          .content()
          .contains(
              "format=1", "created-by=1.2.3", "created-at=2026-03-01T12:00:00Z", "used=false");
    }

    @Test
    void may_exist_if_it_is_empty() throws IOException {
      Files.createDirectory(path);
      open().close();
      assertThat(path.resolve("sluice.data")).exists();
    }

    @Test
    void may_be_the_root_of_a_volume() throws IOException {
      Files.createDirectories(path.resolve("lost+found"));
      open().close();
      assertThat(path.resolve("sluice.data")).exists();
    }

    @Test
    void may_hold_what_a_process_that_died_while_making_it_left() throws IOException {
      Files.createDirectory(path);
      Files.writeString(path.resolve("sluice.lock"), "process 1, since 2026-01-01T00:00:00Z");
      Files.writeString(path.resolve("sluice.data.new"), "form");
      open().close();
      assertThat(path).isDirectoryContaining("glob:**/sluice.data");
    }

    @Test
    void may_be_a_link_to_a_directory() throws IOException {
      Files.createDirectory(temp.resolve("elsewhere"));
      Files.createSymbolicLink(path, temp.resolve("elsewhere"));
      open().close();
      assertThat(temp.resolve("elsewhere/sluice.data")).exists();
    }
  }

  @Nested
  class WhenOpenedAgain {
    @Test
    void keeps_its_marker() throws IOException {
      open().close();
      var marker = Files.readString(path.resolve("sluice.data"));
      DataDir.open(path.resolve("sluice.mv.db"), "2.0.0", NOON.plusSeconds(1)).close();
      assertThat(path.resolve("sluice.data")).hasContent(marker);
    }

    @Test
    void without_its_database_is_refused_once_it_was_used() throws IOException {
      open().close();
      try (var unused = open()) {
        unused.markUsed();
      }
      assertThat(refused())
          .hasMessageContainingAll(path.resolve("sluice.mv.db").toString(), "missing or empty");
      Files.createFile(path.resolve("sluice.mv.db"));
      assertThat(refused()).hasMessageContaining("missing or empty");
      Files.writeString(path.resolve("sluice.mv.db"), "H:2");
      open().close();
    }
  }

  @Nested
  class OfSomebodyElse {
    @Test
    void is_refused_and_not_touched() throws IOException {
      Files.createDirectory(path);
      Files.writeString(path.resolve("letter.txt"), "dear");
      Files.writeString(path.resolve("photo.jpg"), "");
      assertThat(refused())
          .hasMessageContainingAll(path.toString(), "letter.txt and 1 more", "no sluice.data");
      assertThat(path.toFile().list()).containsExactlyInAnyOrder("letter.txt", "photo.jpg");
    }

    @Test
    void is_refused_with_another_format_and_both_versions_named() throws IOException {
      open().close();
      var marker = Files.readString(path.resolve("sluice.data"));
      Files.writeString(path.resolve("sluice.data"), marker.replace("format=1", "format=2"));
      assertThat(refused()).hasMessageContaining("format 2, newer than format 1 of this Sluice");
      assertThat(refused().next()).contains("Sluice 1.2.3");
      Files.writeString(path.resolve("sluice.data"), marker.replace("format=1", "format=0"));
      assertThat(refused()).hasMessageContaining("format 0, older than format 1 of this Sluice");
    }

    @Test
    void is_refused_if_its_marker_states_no_format() throws IOException {
      Files.createDirectory(path);
      Files.writeString(path.resolve("sluice.data"), "hello");
      assertThat(refused()).hasMessageContainingAll("sluice.data is damaged", "no format");
    }
  }

  @Nested
  class InUse {
    @Test
    void is_refused_to_a_second_opener_naming_the_holder() {
      try (var held = open()) {
        assertThat(refused())
            .hasMessageContaining(
                "in use by another Sluice: process %d, since 2026-03-01T12:00:00Z"
                    .formatted(ProcessHandle.current().pid()));
        assertThat(refused()).as("asking did not release it").isNotNull();
        held.markUsed();
      }
    }

    @Test
    void is_free_again_after_close_or_a_failed_start() throws IOException {
      open().close();
      Files.writeString(path.resolve("sluice.data"), "hello");
      assertThat(refused()).hasMessageContaining("damaged");
      Files.delete(path.resolve("sluice.data"));
      open().close();
      assertThat(path.resolve("sluice.lock")).isEmptyFile();
    }
  }

  @Nested
  class ThatCannotBeWritten {
    @Test
    void is_refused_if_it_is_a_file() throws IOException {
      Files.writeString(path, "");
      assertThat(refused()).hasMessageContaining("%s is a file".formatted(path));
    }

    @Test
    void is_refused_if_it_would_be_below_a_file() throws IOException {
      Files.writeString(temp.resolve("file"), "");
      path = temp.resolve("file/data");
      assertThat(refused()).hasMessageContainingAll(path.toString(), "Not a directory");
    }

    @Test
    void is_refused_with_the_reason_and_the_user() throws IOException {
      assumeFalse("root".equals(System.getProperty("user.name")), "root may write everywhere");
      Files.createDirectory(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
      assertThat(refused()).hasMessageContaining("Permission denied");
      assertThatThrownBy(DataDirTest.this::open)
          .isInstanceOfSatisfying(
              DataDirUnusable.class,
              failure -> assertThat(failure.next()).contains(System.getProperty("user.name")));
    }
  }
}

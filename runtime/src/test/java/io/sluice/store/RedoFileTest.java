package io.sluice.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file of the log")
class RedoFileTest {
  @TempDir Path dir;
  private Path path;
  private RedoFile file;

  @BeforeEach
  void create() throws IOException {
    path = dir.resolve("log");
    file = RedoFile.create(path, 4096);
    file.begin(1);
  }

  private void append(long number, String content) throws IOException {
    assertThat(file.append(number, content.getBytes(StandardCharsets.UTF_8))).isTrue();
  }

  private List<String> texts() throws IOException {
    return RedoFile.read(path).records().stream()
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void holds_what_was_appended_in_order() throws IOException {
    assertThat(file.isEmpty()).isTrue();
    append(5, "one");
    append(6, "");
    append(7, "three");

    assertThat(texts()).containsExactly("one", "", "three");
    assertThat(RedoFile.read(path).firstNumber()).isEqualTo(5);
    assertThat(file.isEmpty()).isFalse();
  }

  @Test
  void that_is_missing_is_empty() throws IOException {
    assertThat(RedoFile.read(dir.resolve("none")).records()).isEmpty();
  }

  @Test
  void that_was_begun_anew_holds_nothing_of_before() throws IOException {
    for (int number = 0; number < 10; number++) {
      append(number, "old " + number);
    }
    file.begin(2);
    append(10, "new 10");

    assertThat(texts()).containsExactly("new 10");
    assertThat(RedoFile.read(path).round()).isEqualTo(2);
  }

  @Test
  void that_was_begun_anew_but_not_written_to_holds_what_was_there() throws IOException {
    append(1, "old");
    file.begin(2);

    assertThat(texts()).containsExactly("old");
  }

  @Test
  void has_a_bound() throws IOException {
    int room = 4096 - 28;
    assertThat(file.append(1, new byte[room + 1])).isFalse();
    assertThat(file.append(1, new byte[room - 28])).isTrue();
    append(2, "");
    assertThat(file.append(3, new byte[0])).isFalse();
    assertThat(RedoFile.read(path).records()).hasSize(2);
  }

  @Test
  void ends_before_a_record_that_is_not_whole() throws IOException {
    append(1, "first");
    append(2, "second");
    var whole = Files.readAllBytes(path);
    int end = 2 * 28 + "firstsecond".length();

    IntStream.range(0, end)
        .forEach(
            at -> {
              var damaged = whole.clone();
              damaged[at] ^= 0x40;
              assertThat(textsOf(damaged))
                  .as("byte %d", at)
                  .isEqualTo(at < 28 + 5 ? List.of() : List.of("first"));
            });
  }

  private List<String> textsOf(byte[] bytes) {
    try {
      Files.write(path, bytes);
      return texts();
    } catch (IOException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void does_not_take_the_content_of_an_empty_file_for_records() throws IOException {
    Files.write(path, new byte[1000]);
    assertThat(texts()).isEmpty();
  }

  @Test
  void has_a_record_on_the_device_before_it_counts() throws IOException {
    var done = new ArrayList<String>();
    try (var watched = new RedoFile(path, new Watched(done), 1 << 21)) {
      watched.append(1, new byte[100]);
      assertThat(done.subList(done.size() - 3, done.size()))
          .containsExactly("force length", "write 128 at 0", "force");
      done.clear();
      watched.append(2, new byte[10]);
      assertThat(done).containsExactly("write 38 at 128", "force");
    }
  }

  private record Watched(List<String> done) implements RedoFile.Device {
    @Override
    public void write(ByteBuffer bytes, long at) {
      done.add("write %d at %d".formatted(bytes.remaining(), at));
    }

    @Override
    public void force(boolean length) {
      done.add(length ? "force length" : "force");
    }

    @Override
    public void close() {}
  }
}

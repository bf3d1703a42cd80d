package io.sluice.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is remembered for five minutes, three at most")
class RememberedTest {
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private final List<CompletableFuture<Optional<String>>> asked = new ArrayList<>();
  private final Remembered<String, String> names =
      new Remembered<>(this::lookUp, () -> now, Duration.ofMinutes(5), 3);

  private CompletableFuture<Optional<String>> lookUp(String key) {
    asked.add(new CompletableFuture<>());
    return asked.get(asked.size() - 1);
  }

  private void answer(String name) {
    asked.get(asked.size() - 1).complete(Optional.ofNullable(name));
  }

  @Test
  void is_looked_up_once_while_it_is_known() {
    var first = names.get("a");
    var meanwhile = names.get("a");
    answer("A");
    assertThat(first).isCompletedWithValue(Optional.of("A"));
    assertThat(meanwhile).isCompletedWithValue(Optional.of("A"));
    now = now.plus(Duration.ofMinutes(5)).minusNanos(1);
    assertThat(names.get("a")).isCompletedWithValue(Optional.of("A"));
    assertThat(asked).hasSize(1);
    now = now.plusNanos(1);
    names.get("a");
    assertThat(asked).hasSize(2);
  }

  @Test
  void is_told_to_those_who_wait_in_their_order() {
    var told = new ArrayList<Integer>();
    for (int n = 0; n < 5; n++) {
      int turn = n;
      names.get("a").thenRun(() -> told.add(turn));
    }
    answer("A");
    assertThat(told).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void is_looked_up_once_too_if_there_is_nothing() {
    names.get("a");
    answer(null);
    assertThat(names.get("a")).isCompletedWithValue(Optional.empty());
    assertThat(asked).hasSize(1);
    assertThat(names.get(null)).isCompletedWithValue(Optional.empty());
  }

  @Test
  void is_looked_up_again_if_that_failed() {
    var failed = names.get("a");
    asked.get(0).completeExceptionally(new IllegalStateException("down"));
    assertThat(failed).isCompletedWithValue(Optional.empty());
    names.get("a");
    assertThat(asked).hasSize(2);
  }

  @Test
  void is_forgotten_when_it_becomes_too_much() {
    for (var key : List.of("a", "b", "c", "a", "d", "d")) {
      names.get(key);
    }
    assertThat(asked).hasSize(4);
    names.get("a");
    assertThat(asked).hasSize(5);
  }
}

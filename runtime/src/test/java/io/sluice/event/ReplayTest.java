package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What happened lately")
class ReplayTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Events events = new Events(InstantSource.fixed(NOON));
  private final CompletableFuture<List<Event>> stored = new CompletableFuture<>();
  private final List<String> heard = new ArrayList<>();
  private final List<Throwable> failed = new ArrayList<>();
  private EventFilter asked;

  private static Event event(int number) {
    return new Event(
        new UUID(0, number),
        NOON,
        NOON,
        "e" + number,
        Map.of(Event.ID, "it"),
        List.of(),
        JsonNodeFactory.instance.objectNode(),
        null);
  }

  private Runnable listen(EventFilter filter) {
    return Replay.listen(
        events,
        wanted -> {
          asked = wanted;
          return stored;
        },
        filter,
        event -> heard.add(event.event()),
        failed::add);
  }

  @Test
  void is_told_before_what_happens_meanwhile() {
    listen(EventFilter.ALL);
    events.publish(event(3));
    assertThat(heard).isEmpty();
    stored.complete(List.of(event(2), event(1)));
    assertThat(heard).containsExactly("e1", "e2", "e3");
    events.publish(event(4));
    assertThat(heard).endsWith("e3", "e4");
  }

  @Test
  void is_told_once_and_also_if_it_is_not_stored_yet() {
    events.heard(event(1));
    events.heard(event(2));
    listen(EventFilter.ALL);
    events.publish(event(3));
    stored.complete(List.of(event(3), event(1)));
    assertThat(heard).containsExactly("e1", "e3", "e2");
  }

  @Test
  void is_asked_for_15_minutes_back_and_not_more_than_is_wanted() {
    listen(EventFilter.ALL);
    assertThat(asked.since()).isEqualTo(NOON.minus(Duration.ofMinutes(15)));
    listen(EventFilter.ALL.notBefore(NOON.minusSeconds(60)));
    assertThat(asked.since()).isEqualTo(NOON.minusSeconds(60));
  }

  @Test
  void ends_the_listening_if_it_cannot_be_read() {
    listen(EventFilter.ALL);
    events.publish(event(1));
    var down = new IllegalStateException("down");
    stored.completeExceptionally(down);
    events.publish(event(2));
    assertThat(heard).isEmpty();
    assertThat(failed).containsExactly(down);
  }

  @Test
  void is_nothing_to_who_has_gone_but_what_is_told_at_once() {
    listen(EventFilter.ALL).run();
    events.publish(event(2));
    stored.complete(List.of(event(1)));
    assertThat(heard).containsExactly("e1");
  }

  @Test
  void waits_up_to_a_bound_for_the_store_the_newest_of_it() {
    listen(EventFilter.ALL);
    for (int n = 1; n <= Replay.MAX + 1; n++) {
      events.publish(event(n));
    }
    stored.complete(List.of());
    assertThat(heard).hasSize(Replay.MAX).startsWith("e2");
  }
}

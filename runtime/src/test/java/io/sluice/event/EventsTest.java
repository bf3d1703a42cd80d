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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The events of a node")
class EventsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private final Events events = new Events(InstantSource.fixed(NOON));
  private final List<String> heard = new ArrayList<>();

  private static Event event(String name, Instant received) {
    return new Event(
        UUID.randomUUID(),
        received,
        received,
        name,
        Map.of(Event.ID, "it"),
        List.of(),
        JsonNodeFactory.instance.objectNode(),
        null);
  }

  private void listen() {
    events.listen(EventFilter.ALL, true, event -> heard.add(event.event()));
  }

  @Test
  void are_heard_by_those_who_listen_and_by_those_who_come_later() {
    listen();
    events.publish(event("a", NOON));
    events.heard(event("b", NOON));
    assertThat(heard).containsExactly("a", "b");
    listen();
    assertThat(heard).containsExactly("a", "b", "a", "b");
  }

  @Test
  void are_heard_once_however_often_they_are_published() {
    listen();
    var event = event("a", NOON);
    assertThat(events.publish(event)).isTrue();
    assertThat(events.publish(event)).isFalse();
    events.heard(event);
    assertThat(heard).containsExactly("a");
  }

  @Test
  void are_recognized_again_up_to_a_bound() {
    listen();
    var first = event("first", NOON);
    events.publish(first);
    for (int n = 1; n < Events.KNOWN_MAX; n++) {
      events.publish(event("e", NOON));
    }
    assertThat(events.publish(first)).isFalse();
    events.publish(event("e", NOON));
    assertThat(events.publish(first)).isTrue();
  }

  @Test
  void of_a_node_whose_clock_is_far_behind_are_told_but_not_kept() {
    listen();
    events.heard(event("late", NOON.minus(Duration.ofHours(1))));
    assertThat(heard).containsExactly("late");
    listen();
    assertThat(heard).containsExactly("late");
  }

  @Test
  void are_kept_up_to_a_bound_the_newest_of_them() {
    for (int n = 0; n <= Events.KEPT_MAX; n++) {
      events.publish(event("e" + n, NOON));
    }
    listen();
    assertThat(heard).hasSize(Events.KEPT_MAX).startsWith("e1").endsWith("e5000");
  }

  @Test
  void are_kept_no_longer_than_their_store_may_take_also_if_nothing_comes_after_them() {
    var now = new AtomicReference<>(NOON);
    var aging = new Events(now::get);
    aging.publish(event("a", NOON));
    now.set(NOON.plusSeconds(10));
    aging.listen(EventFilter.ALL, true, event -> heard.add(event.event()));
    assertThat(heard).containsExactly("a");
    now.set(NOON.plusSeconds(11));
    aging.listen(EventFilter.ALL, true, event -> heard.add("again"));
    assertThat(heard).containsExactly("a");
  }
}

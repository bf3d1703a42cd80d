package io.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.typesafe.config.ConfigFactory;
import io.sluice.store.Store;
import io.sluice.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The event log")
class EventLogTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration EVER = Duration.ofHours(1);

  private final Store store =
      Store.open(
          StoreSettings.from(
              ConfigFactory.parseString(
                      "sluice.store.url = \"jdbc:h2:mem:%s;DB_CLOSE_DELAY=-1\""
                          .formatted(UUID.randomUUID()))
                  .withFallback(ConfigFactory.defaultReference())
                  .getConfig("sluice")));
  private volatile Instant now = START;
  private EventLog log;

  @AfterEach
  void close() {
    log.close();
    store.close();
  }

  private void start(EventSettings settings) {
    log = new EventLog(store, () -> now, settings);
  }

  private static EventSettings settings(int keepMax, int queueMax, int batchMax, Duration linger) {
    return new EventSettings(
        Duration.ofDays(7), keepMax, Duration.ofMinutes(1), queueMax, batchMax, linger);
  }

  private Event event(int number) {
    return new Event(
        new UUID(0, number),
        now.plusMillis(number),
        now.plusMillis(number),
        "e" + number,
        Map.of(Event.ID, "r"),
        List.of(),
        JsonNodeFactory.instance.objectNode(),
        null);
  }

  private List<String> stored() {
    return new EventHistory(store, log)
        .part(EventQuery.of(EventFilter.ALL), 1000, 0).join().events().stream()
            .map(Event::event)
            .toList();
  }

  @Test
  void stores_what_it_takes_newest_first_when_read() {
    start(settings(100, 100, 10, Duration.ZERO));
    IntStream.range(0, 25).forEach(i -> log.add(event(i)));
    assertThat(stored()).hasSize(25).startsWith("e24", "e23").endsWith("e0");
    assertThat(log.dropped()).isZero();
  }

  @Test
  void tells_the_newest_again_to_who_listens_the_oldest_of_them_first() throws Exception {
    start(settings(100, 100, 10, EVER));
    IntStream.range(0, 3).forEach(i -> log.add(event(i)));
    var heard = new LinkedBlockingQueue<String>();
    var history = new EventHistory(store, log);
    assertThat(history.newest(EventFilter.ALL, 2).join())
        .extracting(Event::event)
        .containsExactly("e2", "e1");
    Replay.listen(
        new Events(() -> now),
        history,
        EventFilter.ALL,
        event -> heard.add(event.event()),
        unreadable -> heard.add(unreadable.toString()));
    for (var name : List.of("e0", "e1", "e2")) {
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(name);
    }
  }

  @Test
  void does_not_wait_for_more_once_somebody_reads() {
    start(settings(100, 100, 100, EVER));
    log.add(event(1));
    assertThat(stored()).containsExactly("e1");
  }

  @Test
  void drops_the_oldest_of_too_many_and_counts_them() {
    start(settings(100, 3, 100, EVER));
    IntStream.range(0, 10).forEach(i -> log.add(event(i)));
    assertThat(log.dropped()).isEqualTo(7);
    assertThat(stored()).containsExactly("e9", "e8", "e7");
  }

  @Test
  void takes_an_event_that_is_stored_already_for_stored() {
    start(settings(100, 100, 10, Duration.ZERO));
    log.add(event(1));
    assertThat(stored()).hasSize(1);
    log.add(event(1));
    log.add(event(2));
    assertThat(stored()).containsExactly("e2", "e1");
    assertThat(log.dropped()).isZero();
  }

  @Test
  void deletes_what_is_older_than_it_keeps() {
    start(settings(100, 100, 10, Duration.ZERO));
    log.add(event(1));
    assertThat(stored()).hasSize(1);
    now = START.plus(Duration.ofDays(7)).minusSeconds(1);
    log.add(event(2));
    assertThat(stored()).containsExactly("e2", "e1");
    now = START.plus(Duration.ofDays(7)).plusSeconds(61);
    log.add(event(3));
    assertThat(stored()).containsExactly("e3", "e2");
  }

  @Test
  void deletes_the_oldest_of_more_than_it_keeps() {
    start(settings(4, 100, 100, EVER));
    IntStream.range(0, 10).forEach(i -> log.add(event(i)));
    assertThat(stored()).containsExactly("e9", "e8", "e7", "e6");
  }

  @Test
  void writes_what_waits_when_it_is_closed() {
    start(settings(100, 100, 100, EVER));
    log.add(event(1));
    log.close();
    assertThat(store.sql().fetchCount(org.jooq.impl.DSL.table("event"))).isEqualTo(1);
  }

  @Test
  void goes_on_after_an_event_that_cannot_be_stored() {
    start(settings(100, 100, 10, Duration.ZERO));
    var nameless =
        new Event(
            new UUID(0, 1),
            now,
            now,
            "x".repeat(2000),
            Map.of(Event.ID, "r"),
            List.of(),
            JsonNodeFactory.instance.objectNode(),
            null);
    log.add(nameless);
    log.add(event(2));
    assertThat(stored()).containsExactly("e2");
    assertThat(log.dropped()).isEqualTo(1);
  }
}

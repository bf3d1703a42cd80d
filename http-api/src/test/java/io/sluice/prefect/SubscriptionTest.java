package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.event.Event;
import io.sluice.event.EventHistory;
import io.sluice.event.Events;
import io.sluice.http.Socket;
import io.sluice.http.Socket.Reply;
import io.sluice.log.LogListeners;
import io.sluice.log.Logs;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A subscription")
class SubscriptionTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final String FILTER = "{\"type\":\"filter\",\"backfill\":false,\"filter\":{}}";

  /** Nobody here wants to hear what happened before. */
  private static final EventHistory UNASKED = null;

  private final Events events = new Events(InstantSource.fixed(NOON));
  private final LogListeners logs = new LogListeners();
  private final Heard heard = new Heard();
  private final List<String> said = heard.texts();

  private Socket opened(Socket socket) {
    socket.opened(heard);
    return socket;
  }

  private void happens() {
    events.publish(
        new Event(
            UUID.randomUUID(),
            NOON,
            NOON,
            "test.happened",
            Map.of(Event.ID, "test.thing"),
            List.of(),
            null,
            null));
    logs.tell(List.of(new Logs.Entry(null, NOON, "prefect", 20, "hi", NOON, null, null)));
  }

  /** The filter was under way when the client went: a listener would have stayed for ever. */
  @Test
  void starts_nothing_after_the_connection_is_over() {
    for (var socket : List.of(new EventsOut(events, UNASKED), new LogsOut(logs))) {
      opened(socket).closed();
      assertThat(socket.heard(FILTER).join()).matches(reply -> reply.close().isPresent());
    }
    happens();
    assertThat(said).isEmpty();
  }

  @Test
  void replaces_the_filter_before_it() {
    for (var socket : List.of(new EventsOut(events, UNASKED), new LogsOut(logs))) {
      opened(socket);
      assertThat(socket.heard(FILTER).join()).isEqualTo(Reply.NOTHING);
      assertThat(socket.heard(FILTER).join()).isEqualTo(Reply.NOTHING);
    }
    happens();
    assertThat(said).hasSize(2);
  }

  @Test
  void ends_with_what_is_no_filter() {
    for (var text : List.of("", "no json", "[]", "{\"type\":\"event\"}")) {
      assertThat(opened(new EventsOut(events, UNASKED)).heard(text).join())
          .matches(reply -> reply.close().isPresent());
      assertThat(opened(new LogsOut(logs)).heard(text).join())
          .matches(reply -> reply.close().isPresent());
    }
  }
}

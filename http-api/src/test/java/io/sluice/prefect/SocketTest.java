package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import io.sluice.http.Json;
import io.sluice.http.SocketEnd;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("A websocket")
@ExtendWith(SharedNode.class)
@Timeout(60)
class SocketTest {
  private static final String AUTH = "{'type': 'auth', 'token': null}";

  private final Asker api;
  private final String thing = "test.thing." + UUID.randomUUID();

  SocketTest(Asker api) {
    this.api = api;
  }

  private static JsonNode hearEvent(SocketEnd end) throws InterruptedException {
    var text = end.hear();
    assertThat(text).isNotNull().startsWith("{");
    var frame = Json.read(text);
    assertThat(frame.path("type").textValue()).isEqualTo("event");
    return frame.path("event");
  }

  private SocketEnd open(String path) {
    return new SocketEnd(api.base(), path);
  }

  private SocketEnd admitted(String path) throws InterruptedException {
    var end = open(path).say(AUTH);
    assertThat(end.hear()).isEqualTo("{\"type\":\"auth_success\"}");
    return end;
  }

  private String event(String name) {
    return ("{'id': '%s', 'occurred': '%s', 'event': '%s',"
            + " 'resource': {'prefect.resource.id': '%s'}, 'related': [], 'payload': {'n': 1}}")
        .formatted(UUID.randomUUID(), Instant.now(), name, thing);
  }

  private String filter(String restriction) {
    return "{'type': 'filter', 'filter': {'resource': {'id': ['%s']}%s}}"
        .formatted(thing, restriction);
  }

  @Nested
  class AtItsStart {
    @Test
    void speaks_the_protocol_of_the_client_and_answers_pings() throws Exception {
      try (var end = open("/events/in")) {
        assertThat(end.subprotocol()).isEqualTo("prefect");
        assertThat(end.ping().hear()).isEqualTo("pong");
      }
    }

    /** No password is set: as Prefect without one, Sluice takes any token. */
    @Test
    void welcomes_any_token_while_no_password_is_set() throws Exception {
      for (var path : new String[] {"/events/in", "/events/out"}) {
        try (var end = open(path).say("{'type': 'auth', 'token': 'whatever'}")) {
          assertThat(end.hear()).as(path).isEqualTo("{\"type\":\"auth_success\"}");
        }
      }
    }

    @Test
    void hangs_up_on_who_says_something_else_first() throws Exception {
      for (var path : new String[] {"/events/in", "/events/out"}) {
        for (var first : new String[] {event("test.early"), "no json", "[]", ""}) {
          try (var end = open(path).say(first)) {
            assertThat(end.hear())
                .as("%s after %s", path, first)
                .isEqualTo(SocketEnd.closed(1008, "Expected 'auth' message"));
          }
        }
      }
    }

    @Test
    void is_refused_404_where_there_is_none() {
      for (var path : new String[] {"/events", "/work_pools/p/workers"}) {
        assertThatThrownBy(() -> open(path))
            .isInstanceOf(CompletionException.class)
            .cause()
            .isInstanceOfSatisfying(
                WebSocketHandshakeException.class,
                refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(404));
      }
    }
  }

  @Nested
  class ForEvents {
    @Test
    void tells_those_that_fit_the_filter_as_they_happen() throws Exception {
      try (var out = admitted("/events/out");
          var in = admitted("/events/in")) {
        out.say(filter(", 'event': {'name': ['test.wanted']}")).ping();
        assertThat(out.hear()).isEqualTo("pong");
        in.say(event("test.other")).say(event("test.wanted"));
        var event = hearEvent(out);
        assertThat(event.path("event").textValue()).isEqualTo("test.wanted");
        assertThat(event.path("payload").path("n").intValue()).isEqualTo(1);
        assertThat(event.path("received").textValue()).isNotEmpty();
      }
    }

    @Test
    void tells_what_happened_before_unless_it_is_not_wanted() throws Exception {
      try (var in = admitted("/events/in");
          var early = admitted("/events/out")) {
        early.say(filter(""));
        in.say(event("test.first"));
        assertThat(hearEvent(early).path("event").textValue()).isEqualTo("test.first");
        try (var late = admitted("/events/out");
            var live = admitted("/events/out")) {
          late.say(filter(""));
          assertThat(hearEvent(late).path("event").textValue()).isEqualTo("test.first");
          live.say(filter("").replace("'type'", "'backfill': false, 'type'")).ping();
          assertThat(live.hear()).isEqualTo("pong");
          in.say(event("test.second"));
          assertThat(hearEvent(late).path("event").textValue()).isEqualTo("test.second");
          assertThat(hearEvent(live).path("event").textValue()).isEqualTo("test.second");
        }
      }
    }

    @Test
    void takes_an_event_once_and_drops_what_is_none() throws Exception {
      try (var out = admitted("/events/out");
          var in = admitted("/events/in")) {
        out.say(filter("")).ping();
        assertThat(out.hear()).isEqualTo("pong");
        var twice = event("test.twice");
        in.say(twice).say(twice).say("{}").say("no json").say(event("test.last"));
        assertThat(hearEvent(out).path("event").textValue()).isEqualTo("test.twice");
        assertThat(hearEvent(out).path("event").textValue()).isEqualTo("test.last");
      }
    }

    @Test
    void hangs_up_on_a_message_that_is_no_filter() throws Exception {
      for (var message : new String[] {"{'type': 'event'}", "no json"}) {
        try (var out = admitted("/events/out").say(message)) {
          assertThat(out.hear()).as(message).startsWith("closed 1002 ");
        }
      }
    }

    @Test
    void tells_of_the_states_of_flow_runs() throws Exception {
      var flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(thing)).id();
      var run = api.post("/flow_runs/", "{'flow_id': '%s'}".formatted(flow)).id();
      try (var out = admitted("/events/out")) {
        out.say(
            "{'type': 'filter', 'filter': {'event': {'name': ['prefect.flow-run.Running']},"
                + " 'resource': {'id': ['prefect.flow-run.%s']}}}".formatted(run));
        api.post("/flow_runs/" + run + "/set_state", "{'state': {'type': 'RUNNING'}}");
        var event = hearEvent(out);
        assertThat(event.path("resource").path("prefect.state-type").textValue())
            .isEqualTo("RUNNING");
        assertThat(event.path("id").textValue())
            .isEqualTo(api.get("/flow_runs/" + run).text("state_id"));
      }
    }
  }

  @Nested
  class ForTaskRuns {
    @Test
    void makes_and_changes_them_by_what_their_engine_tells() throws Exception {
      var flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(thing)).id();
      var run = api.post("/flow_runs/", "{'flow_id': '%s'}".formatted(flow)).id();
      var task = UUID.randomUUID();
      try (var in = admitted("/events/in")) {
        in.say(taskEvent(task, run, "Running", "RUNNING"))
            .say(taskEvent(task, run, "Completed", "COMPLETED"));
        await(() -> api.get("/task_runs/" + task).text("state_type").equals("COMPLETED"));
      }
      var read = api.get("/task_runs/" + task);
      assertThat(read.text("name")).isEqualTo("mine-0");
      assertThat(read.text("flow_run_id")).isEqualTo(run);
      assertThat(read.text("task_key")).isEqualTo("mine");
    }

    private static String taskEvent(UUID task, String run, String name, String type) {
      return ("{'id': '%s', 'occurred': '%s', 'event': 'prefect.task-run.%s', 'resource':"
              + " {'prefect.resource.id': 'prefect.task-run.%s', 'prefect.orchestration':"
              + " 'client'}, 'related': [{'prefect.resource.id': 'prefect.flow-run.%s',"
              + " 'prefect.resource.role': 'flow-run'}], 'payload': {'validated_state': {'type':"
              + " '%s', 'name': '%s'}, 'task_run': {'name': 'mine-0', 'task_key': 'mine',"
              + " 'dynamic_key': '0'}}}")
          .formatted(UUID.randomUUID(), Instant.now(), name, task, run, type, name);
    }

    private static void await(java.util.function.BooleanSupplier met) {
      var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
      while (!met.getAsBoolean()) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }
}

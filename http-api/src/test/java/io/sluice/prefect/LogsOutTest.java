package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.sluice.http.Json;
import io.sluice.http.Socket;
import io.sluice.http.Socket.Reply;
import io.sluice.log.LogListeners;
import io.sluice.log.Logs;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("/logs/out")
class LogsOutTest {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final UUID FLOW_RUN = UUID.fromString("6a4cba9d-4a34-4a23-9c1c-6ce29eaa2d1e");
  private static final UUID TASK_RUN = UUID.fromString("3a01f0de-6cb7-4ae5-8eb3-95d64ee2f6b1");

  private static final Credentials OPEN =
      new Credentials(ConfigFactory.parseString("string = \"\", keys = \"\""), false);

  private final LogListeners logs = new LogListeners();
  private final Socket socket = new SocketAuth(OPEN, new LogsOut(logs));
  private final Heard heard = new Heard();
  private final List<String> said = heard.texts();

  @BeforeEach
  void open() {
    socket.opened(heard);
  }

  private static Logs.Entry line(UUID flowRun, UUID taskRun, int level, Instant timestamp) {
    return new Logs.Entry(
        UUID.randomUUID(), NOON, "prefect", level, "hi", timestamp, flowRun, taskRun);
  }

  private static Logs.Entry line(UUID flowRun) {
    return line(flowRun, null, 20, NOON);
  }

  private Reply heard(String text) {
    return socket.heard(text).join();
  }

  private Reply filter(String filter) {
    heard("{\"type\":\"auth\",\"token\":null}");
    return heard("{\"type\":\"filter\",\"filter\":%s}".formatted(filter));
  }

  @Test
  void welcomes_a_client_and_then_sends_what_it_asked_for_in_the_shape_of_prefect() {
    assertThat(heard("{\"type\":\"auth\",\"token\":null}")).isEqualTo(SocketAuth.WELCOME);
    filter("{\"flow_run_id\":{\"any_\":[\"%s\"]}}".formatted(FLOW_RUN));
    logs.tell(List.of(line(FLOW_RUN), line(UUID.randomUUID())));
    assertThat(said).hasSize(1);
    var sent = Json.read(said.get(0));
    assertThat(sent.path("type").asText()).isEqualTo("log");
    assertThat(sent.path("log").path("message").asText()).isEqualTo("hi");
    assertThat(sent.path("log").path("flow_run_id").asText()).isEqualTo(FLOW_RUN.toString());
    assertThat(sent.path("log").path("timestamp").asText()).startsWith("2026-11-21T12:00:00");
  }

  @TestFactory
  Stream<DynamicTest> sends_a_line_only_if_all_that_is_asked_for_holds() {
    var filters = new LinkedHashMap<String, Boolean>();
    filters.put("{}", true);
    filters.put("{'level':{'ge_':20,'le_':20}}", true);
    filters.put("{'level':{'ge_':30}}", false);
    filters.put("{'level':{'le_':10}}", false);
    filters.put("{'timestamp':{'after_':'2026-11-21T12:00:00Z'}}", true);
    filters.put("{'timestamp':{'after_':'2026-11-21T12:00:01Z'}}", false);
    filters.put("{'timestamp':{'before_':'2026-11-21T11:59:59Z'}}", false);
    filters.put("{'flow_run_id':{'any_':[]}}", false);
    filters.put("{'task_run_id':{'any_':['%s']}}".formatted(TASK_RUN), true);
    filters.put("{'task_run_id':{'any_':['%s']}}".formatted(FLOW_RUN), false);
    filters.put("{'task_run_id':{'is_null_':true}}", false);
    filters.put("{'task_run_id':{'is_null_':false}}", true);
    return filters.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(), () -> sends(each.getKey(), each.getValue())));
  }

  private static void sends(String filter, boolean sent) {
    var one = new LogsOutTest();
    one.open();
    assertThat(one.filter(filter.replace('\'', '"'))).isEqualTo(Reply.NOTHING);
    one.logs.tell(List.of(line(FLOW_RUN, TASK_RUN, 20, NOON)));
    assertThat(one.said).hasSize(sent ? 1 : 0);
  }

  @Test
  void hangs_up_on_whoever_does_not_say_auth_first() {
    for (var text : List.of("", "no json", "{\"type\":\"filter\",\"filter\":{}}")) {
      assertThat(heard(text)).matches(reply -> reply.close().isPresent());
    }
  }

  @Test
  void hangs_up_on_a_filter_it_cannot_read_instead_of_sending_everything() {
    for (var filter : List.of("\"text\"", "{\"flow_run_id\":{\"any_\":[\"no-id\"]}}")) {
      assertThat(filter(filter)).matches(reply -> reply.close().isPresent());
    }
    logs.tell(List.of(line(FLOW_RUN)));
    assertThat(said).isEmpty();
  }

  @Test
  void sends_nothing_after_the_connection_is_over() {
    filter("{}");
    socket.closed();
    logs.tell(List.of(line(FLOW_RUN)));
    assertThat(said).isEmpty();
  }

  @Test
  void a_client_that_fails_does_not_keep_the_lines_from_another() {
    var failing = new SocketAuth(OPEN, new LogsOut(logs));
    failing.opened(
        new Socket.Peer() {
          @Override
          public void say(String text) {
            throw new IllegalStateException("deaf");
          }

          @Override
          public void hangUp(Socket.Close why) {}
        });
    failing.heard("{\"type\":\"auth\"}");
    failing.heard("{\"type\":\"filter\",\"filter\":{}}");
    filter("{}");
    logs.tell(List.of(line(FLOW_RUN)));
    assertThat(said).hasSize(1);
  }
}

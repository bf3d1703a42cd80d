package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Words in logs")
@ExtendWith(SharedNode.class)
class LogSearchTest {
  private final Asker api;
  private final String run = UUID.randomUUID().toString();

  LogSearchTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void log() {
    line("a", "flow_runs", "Failed with a connection timeout");
    line("b", "flow_runs", "Debug: connection is open, timeout far");
    line("c", "task_runs", "100% データベース done");
  }

  private void line(String id, String logger, String message) {
    var body =
        "[{'name': 'prefect.%s', 'level': 20, 'message': '%s %s',"
            + " 'timestamp': '2026-11-21T08:00:00Z', 'flow_run_id': '%s'}]";
    assertThat(api.post("/logs/", body.formatted(logger, id, message, run)).status())
        .isEqualTo(201);
  }

  private Asker.Reply search(String query) {
    return api.post(
        "/logs/filter",
        "{'logs': {'flow_run_id': {'any_': ['%s']}, 'text': {'query': '%s'}}}"
            .formatted(run, query));
  }

  private String found(String query) {
    return search(query).json().findValuesAsText("message").stream()
        .map(message -> message.substring(0, 1))
        .sorted()
        .reduce("", String::concat);
  }

  @Test
  void are_any_of_several_none_of_some_or_all_of_others() {
    assertThat(found("FAILED debug")).isEqualTo("ab");
    assertThat(found("connection -debug")).isEqualTo("a");
    assertThat(found("!debug")).isEqualTo("ac");
    assertThat(found("+open +timeout")).isEqualTo("b");
    assertThat(found("データ")).isEqualTo("c");
    assertThat(found(" ")).isEqualTo("abc");
  }

  @Test
  void belong_together_in_quotes_and_stand_for_nothing_else() {
    assertThat(found("\\\"connection timeout\\\"")).isEqualTo("a");
    assertThat(found("100%")).isEqualTo("c");
    assertThat(found("1%0")).isEmpty();
  }

  @Test
  void are_looked_for_in_the_name_of_the_logger_as_well() {
    assertThat(found("prefect.flow_runs")).isEqualTo("ab");
    assertThat(found("task_runs -done")).isEmpty();
  }

  @Test
  void are_of_200_characters_at_most() {
    assertThat(search("x".repeat(200)).status()).isEqualTo(200);
    assertThat(search("x".repeat(201)).status()).isEqualTo(422);
  }
}

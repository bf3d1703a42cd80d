package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import io.sluice.http.Asker.Reply;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Variables, by their ids")
@ExtendWith(SharedNode.class)
class VariableTest {
  private static final int ROUNDS = 50;

  private final Asker api;

  VariableTest(Asker api) {
    this.api = api;
  }

  private String made(String name) {
    return api.post("/variables/", "{'name': '" + name + "', 'value': 1, 'tags': ['a']}").id();
  }

  @Test
  void are_changed_in_part() {
    var path = "/variables/" + made("by-id");
    assertThat(api.patch(path, "{'value': {'deep': [2]}}").status()).isEqualTo(204);
    var changed = api.get(path).json();
    assertThat(changed.at("/value/deep/0").asInt()).isEqualTo(2);
    assertThat(changed.at("/tags/0").asText()).isEqualTo("a");
    assertThat(changed.get("name").asText()).isEqualTo("by-id");
  }

  @Test
  void say_when_they_were_changed_last() {
    var path = "/variables/" + made("when");
    api.patch(path, "{'value': 2}");
    var changed = api.get(path).json();
    assertThat(Instant.parse(changed.get("updated").asText()))
        .isAfter(Instant.parse(changed.get("created").asText()));
  }

  @Test
  void take_no_name_that_another_has() {
    made("taken");
    var renamed = api.patch("/variables/" + made("renamed"), "{'name': 'taken'}");
    assertThat(renamed.status()).isEqualTo(409);
  }

  @Test
  void have_names_of_255_characters_at_most() {
    var path = "/variables/" + made("v".repeat(255));
    for (var named : List.of("v".repeat(256), "V".repeat(256))) {
      var refused = api.patch(path, "{'name': '" + named + "'}");
      assertThat(refused.status()).isEqualTo(422);
      assertThat(refused.json().at("/exception_detail/0/msg").asText())
          .startsWith(
              named.startsWith("v")
                  ? "Value should have at most 255"
                  : "Value error, Variable name");
    }
  }

  @Test
  void are_gone_when_deleted() {
    var path = "/variables/" + made("short-lived");
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.delete(path).text("detail")).isEqualTo("Variable not found.");
    assertThat(api.patch(path, "{'value': 2}").status()).isEqualTo(404);
    assertThat(api.get("/variables/name/short-lived").status()).isEqualTo(404);
  }

  private static List<Integer> atOnce(List<Supplier<Reply>> asks) {
    var asked = asks.stream().map(CompletableFuture::supplyAsync).toList();
    return asked.stream().map(answer -> answer.join().status()).toList();
  }

  @Test
  void lose_no_change_to_another_at_the_same_time() {
    var path = "/variables/" + made("shared");
    for (int i = 0; i < ROUNDS; i++) {
      var value = "{'value': %d}".formatted(i);
      var tags = "{'tags': ['t%d']}".formatted(i);
      assertThat(atOnce(List.of(() -> api.patch(path, value), () -> api.patch(path, tags))))
          .containsExactly(204, 204);
      var both = api.get(path).json();
      assertThat(both.get("value").asInt()).isEqualTo(i);
      assertThat(both.at("/tags/0").asText()).isEqualTo("t" + i);
    }
  }

  @Test
  void are_changed_or_gone_if_both_is_asked_for_at_the_same_time() {
    for (int i = 0; i < ROUNDS; i++) {
      var path = "/variables/" + made("contested");
      assertThat(
              atOnce(
                  List.of(() -> api.patch(path, "{'tags': ['b', 'c']}"), () -> api.delete(path))))
          .isIn(List.of(204, 204), List.of(404, 204));
    }
  }
}

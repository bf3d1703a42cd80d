package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A call")
class CallTest {
  private static final UUID ID = UUID.fromString("a5bd1f42-0000-4000-8000-00000000beef");

  private static Call call(String content) {
    return call(content, RawHeader.create("X-Prefect-Worker-Name", "crane"));
  }

  private static Call call(String content, HttpHeader... headers) {
    return new Call(
        "POST",
        "https",
        "/api/flows/x",
        Map.of("id", "x", "flow", ID.toString()),
        Map.of("client", List.of("first", "second")),
        List.of(headers),
        content.getBytes(StandardCharsets.UTF_8),
        new Connection(),
        () -> true);
  }

  @Test
  void reads_ids_with_and_without_hyphens_in_either_case() {
    assertThat(Call.uuid("a5bd1f42-0000-4000-8000-00000000beef")).contains(ID);
    assertThat(Call.uuid("A5BD1F42-0000-4000-8000-00000000BEEF")).contains(ID);
    assertThat(Call.uuid("a5bd1f4200004000800000000000beef")).contains(ID);
  }

  @Test
  void reads_ids_in_braces_and_as_names() {
    assertThat(Call.uuid("{a5bd1f42-0000-4000-8000-00000000beef}")).contains(ID);
    assertThat(Call.uuid("urn:uuid:a5bd1f42-0000-4000-8000-00000000beef")).contains(ID);
  }

  @Test
  void reads_nothing_else_as_an_id() {
    for (var text :
        List.of(
            "",
            "db",
            "{a5bd1f42}",
            "{a5bd1f42-0000-4000-8000-00000000beef",
            "urn:uuid:",
            "a5bd1f42-0000-4000-8000-00000000bee",
            "a5bd1f42-0000-4000-8000-00000000beefs",
            "g5bd1f42-0000-4000-8000-00000000beef",
            "a5bd1f42-00000-400-8000-00000000beef",
            "+5bd1f42000040008000000000000beef".substring(0, 32),
            "a5bd1f4200004000+00000000000beef")) {
      assertThat(Call.uuid(text)).as(text).isEmpty();
    }
  }

  @Test
  void links_to_where_it_came_to() {
    var host = RawHeader.create("Host", "sluice:4200");
    assertThat(call("", host).origin()).isEqualTo("https://sluice:4200");
    assertThat(call("").origin()).isEqualTo("https://localhost");
  }

  @Test
  void links_to_where_the_first_proxy_was_asked() {
    var host = RawHeader.create("Host", "sluice");
    for (var said : List.of("http", "http, https", " http ")) {
      assertThat(call("", host, RawHeader.create("X-Forwarded-Proto", said)).origin())
          .as(said)
          .isEqualTo("http://sluice");
    }
    assertThat(call("", host, RawHeader.create("X-Forwarded-Proto", "javascript")).origin())
        .isEqualTo("https://sluice");
  }

  @Test
  void has_no_route_if_a_parameter_that_must_be_an_id_is_none() {
    assertThat(call("").id("flow")).isEqualTo(ID);
    assertThatExceptionOfType(NoRoute.class).isThrownBy(() -> call("").id("id"));
  }

  @Test
  void knows_headers_in_any_case_and_the_first_value_of_a_query() {
    assertThat(call("").header("x-prefect-worker-NAME")).contains("crane");
    assertThat(call("").header("X-Prefect-Flow-Id")).isEmpty();
    assertThat(call("").query("client")).contains("first");
    assertThat(call("").query("server")).isEmpty();
  }

  @Test
  void takes_no_body_for_an_empty_object() {
    call("").body().end();
    assertThat(call("").json()).isEmpty();
  }

  @Test
  void refuses_a_body_that_is_no_json_or_not_of_the_kind_it_should_be() {
    assertRefused(() -> call("{\"name\": ").body(), "json_invalid");
    assertRefused(() -> call("{} {}").body(), "json_invalid");
    assertRefused(() -> call("[".repeat(5000)).body(), "json_invalid");
    assertRefused(() -> call("[]").body(), "model_attributes_type");
    assertRefused(() -> call("   ").body(), "model_attributes_type");
    assertRefused(() -> call("{}").bodies(), "list_type");
    assertRefused(() -> call("[{}, 7]").bodies(), "model_attributes_type");
  }

  private static void assertRefused(Runnable read, String type) {
    assertThatExceptionOfType(Invalid.class)
        .isThrownBy(read::run)
        .satisfies(
            invalid ->
                assertThat(invalid.errors()).extracting(Invalid.Error::type).containsExactly(type));
  }
}

package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Stored events")
@ExtendWith(SharedNode.class)
class EventTest {
  private static final Instant TIME = Instant.parse("2026-03-04T10:00:00Z");

  private final Asker api;
  private String shop;

  EventTest(Asker api) {
    this.api = api;
  }

  /** Five orders, a minute apart, of two customers in turns. */
  @BeforeEach
  void orders(TestInfo test) {
    shop = test.getTestMethod().orElseThrow().getName() + ".";
    var orders =
        IntStream.range(0, 5).mapToObj(this::order).collect(Collectors.joining(",", "[", "]"));
    assertThat(api.post("/events", orders).status()).isEqualTo(204);
  }

  private String order(int number) {
    return """
        {'id': '%s', 'occurred': '%s', 'event': 'order.%s', 'payload': {'n': %d},
         'resource': {'prefect.resource.id': '%sorder.%d', 'prefect.resource.name': 'No %d'},
         'related': [{'prefect.resource.id': '%scustomer.%d', 'prefect.resource.role': 'buyer'}]}
        """
        .formatted(
            UUID.randomUUID(),
            TIME.plusSeconds(60L * number),
            number < 3 ? "placed" : "paid",
            number,
            shop,
            number,
            number,
            shop,
            number % 2);
  }

  private String filter(String more) {
    return "{'filter': {'resource': {'id_prefix': ['" + shop + "']}" + more + "}}";
  }

  private static String numbers(JsonNode page) {
    return page.get("events").findValuesAsText("n").toString();
  }

  private String found(String more) {
    var page = api.post("/events/filter", filter(more)).json();
    assertThat(page.get("total").asInt()).isEqualTo(page.get("events").size());
    return numbers(page);
  }

  @Test
  void are_found_at_once_newest_first() {
    assertThat(found("")).isEqualTo("[4, 3, 2, 1, 0]");
    assertThat(found(", 'order': 'ASC'")).isEqualTo("[0, 1, 2, 3, 4]");
  }

  @Test
  void are_found_by_time_name_and_other_resources() {
    assertThat(
            found(", 'occurred': {'since': '2026-03-04T10:01:00Z', 'until': '2026-03-04T10:02Z'}"))
        .isEqualTo("[2, 1]");
    assertThat(found(", 'event': {'name': ['order.paid']}")).isEqualTo("[4, 3]");
    assertThat(found(", 'event': {'prefix': ['order.'], 'exclude_prefix': ['order.pa']}"))
        .isEqualTo("[2, 1, 0]");
    assertThat(found(", 'related': {'id': ['" + shop + "customer.1'], 'role': ['buyer']}"))
        .isEqualTo("[3, 1]");
    assertThat(found(", 'related': [{'role': ['seller']}]")).isEqualTo("[]");
    assertThat(found(", 'any_resource': [{'id': ['" + shop + "order.2']}]")).isEqualTo("[2]");
    assertThat(found(", 'any_resource': {'id_prefix': ['" + shop + "customer.0']}"))
        .isEqualTo("[4, 2, 0]");
    assertThat(found(", 'text': {'query': 'paid -customer.1'}")).isEqualTo("[4]");
  }

  @Test
  void are_found_by_labels_of_their_resource() {
    var labels = "{'filter': {'resource': {'labels': {'prefect.resource.id': '" + shop + "*',";
    var named = labels + " 'prefect.resource.name': ['No 1', 'No 3']}}}}";
    assertThat(numbers(api.post("/events/filter", named).json())).isEqualTo("[3, 1]");
    var unnamed = labels + " 'prefect.resource.name': '!No 1'}}}}";
    assertThat(numbers(api.post("/events/filter", unnamed).json())).isEqualTo("[4, 3, 2, 0]");
  }

  @Test
  void come_in_pages() {
    var body = filter("").replaceFirst("}$", ", 'limit': 2}");
    var first = api.post("/events/filter", body).json();
    assertThat(numbers(first)).isEqualTo("[4, 3]");
    assertThat(first.get("total").asInt()).isEqualTo(5);
    var second = api.get(next(first)).json();
    assertThat(numbers(second)).isEqualTo("[2, 1]");
    var third = api.get(next(second)).json();
    assertThat(numbers(third)).isEqualTo("[0]");
    assertThat(third.get("next_page").isNull()).isTrue();
  }

  @Test
  void link_to_the_next_page_as_the_proxy_was_asked() {
    var body = filter("").replaceFirst("}$", ", 'limit': 2}");
    var behindProxy = api.with("X-Forwarded-Proto", "https");
    assertThat(behindProxy.post("/events/filter", body).text("next_page"))
        .startsWith(api.base().toString().replace("http:", "https:"));
  }

  private String next(JsonNode page) {
    var link = page.get("next_page").asText();
    assertThat(link).startsWith(api.base().toString());
    return link.substring(api.base().toString().length());
  }

  @Test
  void are_paged_only_by_tokens_that_were_given_out() {
    assertThat(api.get("/events/filter/next?page-token=zzz").status()).isEqualTo(403);
    assertThat(api.get("/events/filter/next").status()).isEqualTo(422);
    assertThat(api.post("/events/filter", "{'limit': 51}").status()).isEqualTo(422);
  }

  private JsonNode counts(String by, String more) {
    return api.post("/events/count-by/" + by, filter("").replaceFirst("}$", more + "}")).json();
  }

  @Test
  void are_counted_by_name_and_resource() {
    var names = counts("event", "");
    assertThat(names.findValuesAsText("value")).containsExactly("order.placed", "order.paid");
    assertThat(names.findValuesAsText("count")).containsExactly("3", "2");
    assertThat(names.at("/0/start_time").asText()).isEqualTo("2026-03-04T10:00:00.000000Z");
    assertThat(names.at("/0/end_time").asText()).isEqualTo("2026-03-04T10:02:00.000000Z");
    assertThat(counts("resource", "").findValuesAsText("label"))
        .containsExactly("No 0", "No 1", "No 2", "No 3", "No 4");
  }

  @Test
  void are_counted_by_time() {
    var span = ", 'occurred': {'since': '2026-03-04T10:00:00Z', 'until': '2026-03-04T10:06:00Z'}";
    var body = filter(span).replaceFirst("}$", ", 'time_unit': 'minute', 'time_interval': 2}");
    var counts = api.post("/events/count-by/time", body).json();
    assertThat(counts.findValuesAsText("count")).containsExactly("2", "2", "1");
    assertThat(counts.findValuesAsText("value")).containsExactly("0", "1", "2");
    var fine = body.replace("'minute'", "'second'").replace(": 2}", ": 0.01}");
    var tooFine = api.post("/events/count-by/time", fine);
    assertThat(tooFine.status()).isEqualTo(422);
    assertThat(tooFine.text("detail")).contains("36000 buckets");
    assertThat(api.post("/events/count-by/nope", filter("")).status()).isEqualTo(422);
  }

  @Test
  void need_a_resource_and_roles() {
    var bare =
        "'occurred': '2026-03-04T10:00:00Z', 'event': 'x', 'id': '" + UUID.randomUUID() + "'";
    assertThat(api.post("/events", "[{" + bare + ", 'resource': {}}]").status()).isEqualTo(422);
    var roleless =
        "[{"
            + bare
            + ", 'resource': {'prefect.resource.id': 'a'},"
            + " 'related': [{'prefect.resource.id': 'b'}]}]";
    assertThat(api.post("/events", roleless).status()).isEqualTo(422);
  }

  @Test
  void are_stored_once_however_often_they_are_sent() {
    var once = order(9);
    api.post("/events", "[" + once + "," + once + "]");
    api.post("/events", "[" + once + "]");
    assertThat(found("")).isEqualTo("[9, 4, 3, 2, 1, 0]");
  }

  @Test
  void tell_what_runs_did() {
    var flow = api.post("/flows/", "{'name': '" + shop + "'}").id();
    var run =
        api.post(
                "/flow_runs/",
                "{'flow_id': '" + flow + "', 'state': {'type': 'PENDING', 'name': 'Pending'}}")
            .id();
    var ofRun = "{'filter': {'resource': {'id': ['prefect.flow-run." + run + "']}}}";
    // A run is answered before its event is published.
    HeldRequestTest.await(
        () ->
            api.post("/events/filter", ofRun)
                .json()
                .findValuesAsText("event")
                .contains("prefect.flow-run.Pending"),
        Duration.ofSeconds(10));
  }
}

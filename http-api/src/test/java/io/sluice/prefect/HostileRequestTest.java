package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What cluster-config's fuzz.py found, one test for each symptom. */
@DisplayName("A request that no client should send")
@ExtendWith(SharedNode.class)
class HostileRequestTest {
  private static final String LONG = "x".repeat(Names.LONG_MAX + 1);

  private final Asker api;
  private final String name = "h" + UUID.randomUUID().toString().replace("-", "");

  HostileRequestTest(Asker api) {
    this.api = api;
  }

  private static String many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "'t" + i + "'")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void refused(String path, String body) {
    assertThat(api.post(path, body).status()).as("%s %.80s", path, body).isEqualTo(422);
  }

  @Test
  void is_refused_if_it_is_so_deep_that_nobody_could_list_it() {
    var deep = "[".repeat(998) + "]".repeat(998);
    refused("/variables/", "{'name': '%s', 'value': %s}".formatted(name, deep));
    refused("/variables/", "{'name': 5, 'value': %s}".formatted(deep));
    assertThat(api.get("/variables/name/" + name).status()).isEqualTo(404);
    assertThat(api.post("/variables/filter", "{}").status()).isEqualTo(200);
  }

  @Test
  void is_refused_if_it_would_be_stored_as_another_text() {
    refused("/flows/", "{'name': 'a\\ud800b'}");
    refused("/flows/", "{'name': 'a\\u0000b'}");
    assertThat(api.get("/flows/name/a%00b").status()).isEqualTo(404);
  }

  @Test
  void loses_no_line_of_a_log_for_one_character_or_a_long_name() {
    var run = UUID.randomUUID();
    var lines =
        "[{'name': '%s', 'level': 20, 'message': 'a\\u0000b\\ud800', 'flow_run_id': '%s', %s}]";
    var added = api.post("/logs/", lines.formatted(LONG, run, "'timestamp': '2026-11-21T00:00Z'"));
    assertThat(added.status()).isEqualTo(201);
    var found =
        api.post("/logs/filter", "{'logs': {'flow_run_id': {'any_': ['%s']}}}".formatted(run));
    assertThat(found.json().get(0).get("message").asText()).isEqualTo("a\uFFFDb\uFFFD");
    assertThat(found.json().get(0).get("name").asText()).hasSize(Names.LONG_MAX);
  }

  @Test
  void is_refused_and_not_sent_back_for_a_retry_if_a_text_is_too_long_to_be_stored() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    refused("/flows/", "{'name': '%s-2', 'tags': ['%s']}".formatted(name, LONG));
    assertThat(api.get("/flows/name/" + name + "-2").status()).isEqualTo(404);
    for (var field : new String[] {"name", "flow_version", "idempotency_key", "work_pool_name"}) {
      refused("/flow_runs/", "{'flow_id': '%s', '%s': '%s'}".formatted(flow, field, LONG));
    }
    refused("/flow_runs/", "{'flow_id': '%s', 'tags': ['%s']}".formatted(flow, LONG));
    refused(
        "/flow_runs/",
        "{'flow_id': '%s', 'state': {'type': 'PENDING', 'name': '%s'}}".formatted(flow, LONG));
    refused("/work_pools/", "{'name': '%s', 'type': '%s'}".formatted(name, LONG));
    refused("/task_runs/", "{'task_key': '%s', 'dynamic_key': '0'}".formatted(LONG));
    refused("/task_runs/", "{'task_key': 't', 'dynamic_key': '%s'}".formatted(LONG));
    refused("/artifacts/", "{'key': '%s', 'type': '%s'}".formatted(name, LONG));
  }

  @Test
  void is_refused_if_it_names_more_than_one_request_can_look_for() {
    var limits = many(Names.LIMITS_MAX + 1);
    var holder = "'task_run_id': '%s'".formatted(UUID.randomUUID());
    refused("/concurrency_limits/decrement", "{'names': %s, %s}".formatted(limits, holder));
    refused("/v2/concurrency_limits/increment", "{'names': %s, 'slots': 1}".formatted(limits));
    refused("/events/filter", "{'filter': {'event': {'prefix': %s}}}".formatted(many(201)));
    refused("/flows/filter", "{'flows': {'name': {'any_': %s}}}".formatted(many(10_001)));
  }

  @Test
  void is_refused_if_it_limits_a_tag_that_is_too_long_to_be_stored() {
    var limit = "{'tag': '%s', 'concurrency_limit': 1}";
    refused("/concurrency_limits/", limit.formatted("x".repeat(Names.LENGTH_MAX + 1)));
    var longest = name + "x".repeat(Names.LENGTH_MAX - name.length());
    assertThat(api.post("/concurrency_limits/", limit.formatted(longest)).status()).isLessThan(300);
    assertThat(api.delete("/concurrency_limits/tag/" + longest).status()).isEqualTo(200);
  }

  @Test
  void is_not_repeated_by_the_answer_for_each_state_that_it_names_wrongly() {
    var types = many(10_000);
    var filter = "{'flow_runs': {'state': {'type': {'any_': %s}}}}".formatted(types);
    var refusal = api.post("/flow_runs/count", filter);
    assertThat(refusal.status()).isEqualTo(422);
    assertThat(refusal.toString().length()).isLessThan(3 * types.length());
  }

  @Test
  void makes_no_deployment_if_a_schedule_of_it_says_not_when() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    refused(
        "/deployments/",
        "{'name': 'd', 'flow_id': '%s', 'schedules': [{'replaces': 'x'}]}".formatted(flow));
    assertThat(api.get("/deployments/name/" + name + "/d").status()).isEqualTo(404);
  }

  /** More than 292 years are too many nanoseconds for a long. */
  @Test
  void may_make_a_run_for_the_first_day_that_everybody_can_list() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    var first =
        "{'type': 'SCHEDULED', 'state_details': {'scheduled_time': '0001-01-01T00:00:00Z'}}";
    api.post("/flow_runs/", "{'flow_id': '%s', 'state': %s}".formatted(flow, first));
    var itsRuns = "'flows': {'id': {'any_': ['%s']}}".formatted(flow);
    var listed = api.post("/flow_runs/filter", "{%s}".formatted(itsRuns));
    assertThat(listed.status()).isEqualTo(200);
    assertThat(listed.json().get(0).get("estimated_start_time_delta").asDouble())
        .isGreaterThan(6e10);
    assertThat(api.post("/ui/flow_runs/history", "{%s}".formatted(itsRuns)).status())
        .isEqualTo(200);
    var whole =
        "{%s, 'history_start': '0001-01-01T00:00:00Z', 'history_end': '9999-12-31T23:59:59Z',"
            + " 'history_interval_seconds': %s}";
    for (var interval : new String[] {"1e11", "9".repeat(300)}) {
      var history = api.post("/flow_runs/history", whole.formatted(itsRuns, interval));
      assertThat(history.status()).isEqualTo(200);
      assertThat(history.toString()).contains("\"count_runs\":1");
    }
  }

  @Test
  void is_answered_if_it_looks_for_events_of_many_resources() {
    var ids = many(10_000).replace("'t9999'", "'prefect.flow.%s'".formatted(name));
    for (var part : new String[] {"resource", "any_resource", "related"}) {
      var found = api.post("/events/filter", "{'filter': {'%s': {'id': %s}}}".formatted(part, ids));
      assertThat(found.status()).isEqualTo(200);
      assertThat(found.json().get("total").asInt()).isZero();
    }
    var labels = "{'filter': {'resource': {'labels': {'a': %s}}}}";
    refused("/events/filter", labels.formatted(many(201)));
  }

  @Test
  void is_answered_if_it_looks_for_many_tags() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    for (var tag : new String[] {name, name + "-2"}) {
      api.post("/flow_runs/", "{'flow_id': '%s', 'tags': ['%s']}".formatted(flow, tag));
    }
    var tags = many(200).replace("'t199'", "'%s'".formatted(name));
    var found =
        api.post("/flow_runs/filter", "{'flow_runs': {'tags': {'any_': %s}}}".formatted(tags));
    assertThat(found.json()).hasSize(1);
    assertThat(found.json().get(0).get("tags").get(0).asText()).isEqualTo(name);
    for (var op : new String[] {"any_", "all_"}) {
      refused("/flow_runs/filter", "{'flow_runs': {'tags': {'%s': %s}}}".formatted(op, many(201)));
    }
  }

  @Test
  void is_refused_if_it_names_a_time_that_python_has_not() {
    for (var time : new String[] {"0000-12-31T23:59:59Z", "9999-12-31T23:59:59-14:00"}) {
      refused(
          "/flow_runs/filter", "{'flow_runs': {'start_time': {'after_': '%s'}}}".formatted(time));
    }
    var last = "{'flow_runs': {'start_time': {'after_': '9999-12-31T23:59:59.999999Z'}}}";
    assertThat(api.post("/flow_runs/filter", last).status()).isEqualTo(200);
  }
}

package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** As Prefect 3.8.8 says in its OpenAPI document: which bodies allow no additional properties. */
@DisplayName("A field that nobody knows")
@ExtendWith(SharedNode.class)
@Timeout(60)
class UnknownFieldsTest {
  private final Asker api;

  UnknownFieldsTest(Asker api) {
    this.api = api;
  }

  /** What is answered to each request, a line of method, path and body. */
  private Stream<DynamicTest> each(Stream<String> requests, Consumer<String> check) {
    return requests.map(
        request ->
            DynamicTest.dynamicTest(
                request,
                () -> {
                  var words = request.split(" ", 3);
                  var path = words[1].replace("{id}", UUID.randomUUID().toString());
                  check.accept(api.ask(words[0], path, words[2]).join().json().toString());
                }));
  }

  private static void refused(String answer) {
    assertThat(answer).contains("extra_forbidden");
  }

  @TestFactory
  Stream<DynamicTest> among_the_arguments_of_a_request_is_let_pass() {
    var paths =
        Stream.of(
            "/flows/filter",
            "/flow_runs/paginate",
            "/flow_runs/count",
            "/flow_runs/history",
            "/flow_runs/{id}/set_state",
            "/flow_runs/{id}/resume",
            "/flow_runs/{id}/input",
            "/flow_runs/bulk_delete",
            "/task_runs/{id}/set_state",
            "/deployments/get_scheduled_flow_runs",
            "/deployments/{id}/schedule",
            "/concurrency_limits/increment",
            "/v2/concurrency_limits/increment",
            "/v2/concurrency_limits/increment-with-lease",
            "/v2/concurrency_limits/decrement",
            "/v2/concurrency_limits/decrement-with-lease",
            "/v2/concurrency_limits/leases/{id}/renew",
            "/work_pools/filter",
            "/work_pools/unknown/get_scheduled_flow_runs",
            "/work_pools/unknown/workers/heartbeat",
            "/work_queues/filter",
            "/logs/filter",
            "/events/filter",
            "/ui/flow_runs/history");
    return each(
        paths.map("POST %s {'colour': 1}"::formatted),
        answer -> assertThat(answer).doesNotContain("extra_forbidden"));
  }

  @TestFactory
  Stream<DynamicTest> of_what_is_created_or_changed_is_refused() {
    var requests =
        Stream.of(
            "POST /flows/",
            "PATCH /flows/{id}",
            "POST /flow_runs/",
            "PATCH /flow_runs/{id}",
            "POST /task_runs/",
            "POST /deployments/",
            "PATCH /deployments/{id}",
            "POST /deployments/{id}/create_flow_run",
            "PATCH /deployments/{id}/schedules/{id}",
            "POST /concurrency_limits/",
            "POST /v2/concurrency_limits/",
            "PATCH /v2/concurrency_limits/{id}",
            "POST /work_pools/",
            "POST /work_queues/",
            "POST /variables/",
            "PATCH /variables/{id}",
            "POST /artifacts/",
            "POST /block_documents/",
            "POST /automations/");
    return each(requests.map("%s {'colour': 1}"::formatted), UnknownFieldsTest::refused);
  }

  @TestFactory
  Stream<DynamicTest> inside_of_a_filter_is_refused() {
    return each(
        Stream.of(
            "POST /flow_runs/filter {'flow_runs': {'colour': 1}}",
            "POST /flow_runs/count {'deployments': {'colour': 1}}",
            "POST /work_pools/filter {'work_pools': {'colour': 1}}"),
        UnknownFieldsTest::refused);
  }
}

package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
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

  private String refusal(String method, String path, String body) {
    var id = UUID.randomUUID().toString();
    return api.ask(method, path.replace("{id}", id), body).join().json().toString();
  }

  @TestFactory
  Stream<DynamicTest> among_the_arguments_of_a_request_is_let_pass() {
    return Stream.of(
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
            "/ui/flow_runs/history")
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path,
                    () ->
                        assertThat(refusal("POST", path, "{'colour': 1}"))
                            .doesNotContain("extra_forbidden")));
  }

  @TestFactory
  Stream<DynamicTest> of_what_is_created_or_changed_is_refused() {
    return Stream.of(
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
            "POST /automations/")
        .map(
            request ->
                DynamicTest.dynamicTest(
                    request,
                    () -> {
                      var words = request.split(" ");
                      assertThat(refusal(words[0], words[1], "{'colour': 1}"))
                          .contains("extra_forbidden");
                    }));
  }

  @TestFactory
  Stream<DynamicTest> inside_of_a_filter_is_refused() {
    return Stream.of(
            "/flow_runs/filter flow_runs",
            "/flow_runs/count deployments",
            "/work_pools/filter work_pools")
        .map(
            request ->
                DynamicTest.dynamicTest(
                    request,
                    () -> {
                      var words = request.split(" ");
                      assertThat(
                              refusal(
                                  "POST", words[0], "{'%s': {'colour': 1}}".formatted(words[1])))
                          .contains("extra_forbidden");
                    }));
  }
}

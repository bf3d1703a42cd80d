package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

@DisplayName("The metrics of a node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class MetricsTest {
  private static final String ALL = "/v2/concurrency_limits/";
  private static final String LEASE = ALL + "increment-with-lease";
  private static final Duration SOON = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private Served served;
  private Asker api;

  @BeforeAll
  void start() {
    served = Served.measured("", InstantSource.system());
    api = served.api();
  }

  @AfterAll
  void stop() {
    served.close();
  }

  private HttpResponse<String> read(String path) {
    try {
      var root = URI.create(api.base().toString().replace("/api", "") + path);
      return http.send(HttpRequest.newBuilder(root).build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  /** The value of one series; -1 if there is none. */
  private double value(String series) {
    var line = Pattern.compile("(?m)^" + Pattern.quote(series) + " (\\S+)$");
    var found = line.matcher(read("/metrics").body());
    return found.find() ? Double.parseDouble(found.group(1)) : -1;
  }

  private void awaitValue(String series, double expected) {
    HeldRequestTest.await(() -> value(series) == expected, SOON);
  }

  private static String ask(String limit) {
    return "{'names': ['%s'], 'slots': 1, 'mode': 'concurrency'}".formatted(limit);
  }

  private void release(String lease) {
    assertThat(
            api.post(ALL + "decrement-with-lease", "{'lease_id': '%s'}".formatted(lease)).status())
        .isEqualTo(204);
  }

  @Test
  void add_up_after_slots_were_taken_held_waited_for_and_given_back() {
    api.post(ALL, "{'name': 'summed', 'limit': 2}");
    var labels = "{kind=\"global\",limit=\"summed\"}";
    var first = api.post(LEASE, ask("summed")).text("lease_id");
    var second = api.post(LEASE, ask("summed")).text("lease_id");
    var third = api.with("Prefer", "wait=20").ask("POST", LEASE, ask("summed"));
    var held = "sluice_limit_waiters{kind=\"global\",limit=\"summed\",waiter=\"held\"}";
    awaitValue(held, 1);
    assertThat(value("sluice_limit_slots" + labels)).isEqualTo(2);
    assertThat(value("sluice_limit_slots_in_use" + labels)).isEqualTo(2);
    assertThat(value("sluice_leases_active" + labels)).isEqualTo(2);
    assertThat(value("sluice_limit_oldest_wait_seconds" + labels)).isPositive();
    awaitValue("sluice_grants_total" + labels, 2);

    release(first);
    var granted = third.join().text("lease_id");
    awaitValue("sluice_grants_total" + labels, 3);
    assertThat(value(held)).isZero();
    assertThat(value("sluice_limit_slots_in_use" + labels)).isEqualTo(2);
    var idle =
        value(
            "sluice_slot_idle_with_waiters_seconds_total"
                + "{kind=\"global\",limit=\"summed\",waiter=\"held\"}");
    assertThat(idle).isBetween(0.0, value("sluice_handoff_seconds_sum{kind=\"global\"}"));

    release(second);
    release(granted);
    awaitValue("sluice_limit_slots_in_use" + labels, 0);
    awaitValue("sluice_slot_hold_seconds_count{kind=\"global\"}", 3);
    assertThat(value("sluice_acquire_wait_seconds_count{kind=\"global\"}")).isEqualTo(3);
    assertThat(value("sluice_handoff_seconds_count{kind=\"global\"}")).isEqualTo(1);
    assertThat(value("sluice_slot_hold_seconds_bucket{kind=\"global\",le=\"+Inf\"}")).isEqualTo(3);
  }

  @Test
  void time_requests_by_route_however_many_paths_there_are() {
    for (int i = 0; i < 50; i++) {
      api.get("/flow_runs/" + UUID.randomUUID());
      api.get("/no/such/" + UUID.randomUUID());
    }
    var known = "{held=\"false\",method=\"GET\",route=\"/flow_runs/{id}\",status=\"4xx\"}";
    awaitValue("sluice_http_request_seconds_count" + known, 50);
    var none = "{held=\"false\",method=\"none\",route=\"none\",status=\"4xx\"}";
    HeldRequestTest.await(() -> value("sluice_http_request_seconds_count" + none) >= 50, SOON);
    assertThat(read("/metrics").body()).doesNotContain("/no/such");
  }

  @Test
  void are_told_apart_for_requests_that_were_held() {
    api.post(ALL, "{'name': 'kept', 'limit': 1}");
    var lease = api.post(LEASE, ask("kept")).text("lease_id");
    var waiter = api.with("Prefer", "wait=20").ask("POST", LEASE, ask("kept"));
    awaitValue("sluice_limit_waiters{kind=\"global\",limit=\"kept\",waiter=\"held\"}", 1);
    assertThat(value("sluice_http_requests_held")).isGreaterThanOrEqualTo(1);
    release(lease);
    release(waiter.join().text("lease_id"));
    var held = "{held=\"true\",method=\"POST\",route=\"%s\",status=\"2xx\"}".formatted(LEASE);
    HeldRequestTest.await(() -> value("sluice_http_request_seconds_count" + held) >= 1, SOON);
  }

  @Test
  void count_the_states_of_runs_and_what_queues_hold() {
    api.post("/work_pools/", "{'name': 'counted', 'type': 'process'}");
    var flow = api.post("/flows/", "{'name': 'counted'}").id();
    var deployment =
        api.post(
                "/deployments/",
                "{'name': 'counted', 'flow_id': '%s', 'work_pool_name': 'counted'}".formatted(flow))
            .id();
    var run =
        api.post(
                "/deployments/%s/create_flow_run".formatted(deployment),
                "{'state': {'type': 'SCHEDULED'}}")
            .id();
    var queue = "{pool=\"counted\",queue=\"default\"}";
    awaitValue("sluice_queue_depth" + queue, 1);
    assertThat(value("sluice_queue_in_total" + queue)).isEqualTo(1);

    var pending = "{'state': {'type': 'PENDING'}}";
    api.post("/flow_runs/%s/set_state".formatted(run), pending);
    awaitValue("sluice_queue_depth" + queue, 0);
    assertThat(value("sluice_queue_running" + queue)).isEqualTo(1);
    assertThat(value("sluice_queue_out_total" + queue)).isEqualTo(1);
    assertThat(value("sluice_queue_wait_seconds_count")).isEqualTo(1);
    awaitValue("sluice_flow_run_transitions_total{from=\"none\",to=\"Scheduled\"}", 1);
    awaitValue("sluice_flow_run_transitions_total{from=\"Scheduled\",to=\"Pending\"}", 1);
  }

  @Test
  void tell_of_the_process_the_store_and_the_cluster_at_both_addresses() {
    for (var path : new String[] {"/metrics", "/api/metrics"}) {
      var read = read(path);
      assertThat(read.statusCode()).isEqualTo(200);
      assertThat(read.headers().firstValue("Content-Type"))
          .hasValueSatisfying(
              type -> assertThat(type).startsWith("text/plain").contains("version=0.0.4"));
      assertThat(read.body())
          .contains("jvm_memory_used_bytes{", "process_cpu_usage", "sluice_build_info{version=")
          .contains("sluice_cluster_members{status=\"up\"} 1.0")
          .contains("sluice_cluster_unreachable 0.0")
          .containsPattern("sluice_store_commit_seconds_count [1-9]");
    }
    assertThat(read("/health").statusCode()).isEqualTo(404);
    assertThat(read("/metrics/").statusCode()).isEqualTo(200);
    assertThat(read("/metrics/more").statusCode()).isEqualTo(404);
  }

  @Test
  void take_the_password_unless_they_are_open() {
    var auth = "sluice.http.auth.string = \"warden:secret\"";
    try (var closed = Served.measured(auth, InstantSource.system())) {
      assertThat(closed.api().get("/metrics").status()).isEqualTo(401);
      assertThat(
              closed.api().with("Authorization", "Bearer warden:secret").get("/metrics").status())
          .isEqualTo(200);
    }
    try (var open = Served.measured(auth + "\nsluice.metrics.open = on", InstantSource.system())) {
      assertThat(open.api().get("/metrics").status()).isEqualTo(200);
      assertThat(open.api().get("/admin/version").status()).isEqualTo(401);
    }
  }

  @Test
  void are_not_there_if_they_are_off() {
    try (var off = Served.measured("sluice.metrics.enabled = off", InstantSource.system())) {
      assertThat(off.api().get("/metrics").status()).isEqualTo(404);
      assertThat(off.api().get("/health").status()).isEqualTo(200);
    }
  }
}

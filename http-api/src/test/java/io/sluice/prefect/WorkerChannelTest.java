package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import io.sluice.http.Json;
import io.sluice.http.SocketEnd;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The channel of a worker")
@ExtendWith(SharedNode.class)
@Timeout(60)
class WorkerChannelTest {
  private static final String TEMPLATE =
      "{'job_configuration': {'command': '{{ command }}'}, 'variables': {'properties':"
          + " {'command': {'type': 'string'}}}}";

  private final Asker api;
  private final String pool = "pool-" + UUID.randomUUID();
  private final UUID consumer = UUID.randomUUID();

  WorkerChannelTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void create() {
    api.post(
        "/work_pools/",
        "{'name': '%s', 'type': 'process', 'base_job_template': %s}".formatted(pool, TEMPLATE));
  }

  private SocketEnd open(Asker api, String pool) throws InterruptedException {
    var end =
        new SocketEnd(api.base(), "/work_pools/%s/workers/connect".formatted(pool))
            .say("{'type': 'auth', 'token': null}");
    assertThat(end.hear()).isEqualTo("{\"type\":\"auth_success\"}");
    return end;
  }

  private SocketEnd open() throws InterruptedException {
    return open(api, pool);
  }

  private static String frame(String type, String payload) {
    return "{'type': '%s', 'id': '%s', 'sent_at': '2026-11-21T12:00:00Z', 'payload': {%s}}"
        .formatted(type, UUID.randomUUID(), payload);
  }

  private String hello(String more) {
    return frame(
        "worker.hello.v1",
        ("'consumer_id': '%s', 'worker_name': 'w', 'worker_type': 'process',"
                + " 'heartbeat_interval_seconds': 30, 'supported_channel_versions':"
                + " ['work_pool_worker_channel.v1'], 'requested_capabilities':"
                + " ['worker_heartbeat.v1', 'work_pool_snapshot.v1', 'cleanup_delivery.v1']%s")
            .formatted(consumer, more));
  }

  private String heartbeat(UUID consumer, String worker) {
    return frame(
        "worker.heartbeat.v1",
        "'consumer_id': '%s', 'worker_name': '%s', 'heartbeat_interval_seconds': 20"
            .formatted(consumer, worker));
  }

  private static JsonNode payload(String heard, String type) {
    assertThat(heard).isNotNull().startsWith("{");
    var frame = Json.read(heard);
    assertThat(frame.path("type").textValue()).isEqualTo(type);
    assertThat(names(frame)).containsExactlyInAnyOrder("type", "id", "sent_at", "payload");
    return frame.path("payload");
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static JsonNode ready(SocketEnd end) throws InterruptedException {
    return payload(end.hear(), "worker.ready.v1");
  }

  private SocketEnd joined() throws InterruptedException {
    var end = open().say(hello(""));
    ready(end);
    return end;
  }

  private static JsonNode snapshot(SocketEnd end) throws InterruptedException {
    return payload(end.hear(), "work_pool.snapshot.v1");
  }

  private JsonNode worker() {
    return api.post("/work_pools/%s/workers/filter".formatted(pool), "{}").json().path(0);
  }

  private void patch(String change) {
    assertThat(api.patch("/work_pools/" + pool, change).status()).isEqualTo(204);
  }

  @Nested
  class AtItsStart {
    @Test
    void makes_the_worker_known_and_tells_it_of_its_pool() throws Exception {
      try (var end = open().say(hello(""))) {
        var ready = ready(end);
        // More or fewer fields than these are refused by the client.
        assertThat(names(ready))
            .containsExactlyInAnyOrder(
                "consumer_id",
                "worker_id",
                "selected_channel_version",
                "effective_heartbeat_interval_seconds",
                "accepted_capabilities",
                "rejected_capabilities",
                "effective_max_cleanup_concurrency",
                "resolved_work_queues",
                "initial_snapshot");
        assertThat(ready.path("consumer_id").textValue()).isEqualTo(consumer.toString());
        assertThat(ready.path("worker_id").isNull()).isTrue();
        assertThat(ready.path("effective_heartbeat_interval_seconds").intValue()).isEqualTo(30);
        assertThat(ready.path("accepted_capabilities").toString())
            .isEqualTo("[\"worker_heartbeat.v1\",\"work_pool_snapshot.v1\"]");
        assertThat(ready.path("rejected_capabilities").toString())
            .isEqualTo("[\"cleanup_delivery.v1\"]");
        assertThat(ready.path("resolved_work_queues").findValuesAsText("name"))
            .containsExactly("default");
        var snapshot = ready.path("initial_snapshot");
        assertThat(snapshot.path("snapshot_sequence").intValue()).isEqualTo(1);
        assertThat(snapshot.path("reason").textValue()).isEqualTo("initial");
        assertThat(snapshot.path("work_pool")).isEqualTo(api.get("/work_pools/" + pool).json());
        assertThat(snapshot.path("work_pool").path("status").textValue()).isEqualTo("READY");
        assertThat(worker().path("status").textValue()).isEqualTo("ONLINE");
      }
    }

    @Test
    void names_only_the_queues_that_the_worker_serves() throws Exception {
      for (var queue : List.of("low", "high")) {
        api.post("/work_pools/%s/queues".formatted(pool), "{'name': '%s'}".formatted(queue));
      }
      try (var end = open().say(hello(", 'work_queue_names': ['high', 'high', 'default']"))) {
        assertThat(ready(end).path("resolved_work_queues").findValuesAsText("name"))
            .containsExactly("high", "default");
      }
    }

    @Test
    void makes_the_pool_if_the_worker_wants_that() throws Exception {
      var missing = "new-" + pool;
      var wish =
          ", 'create_pool_if_not_found': true, 'default_base_job_template': %s".formatted(TEMPLATE);
      try (var end = open(api, missing).say(hello(wish))) {
        var made = ready(end).path("initial_snapshot").path("work_pool");
        assertThat(made.path("type").textValue()).isEqualTo("process");
        assertThat(made.path("base_job_template").path("variables").isObject()).isTrue();
      }
      assertThat(api.get("/work_pools/" + missing).status()).isEqualTo(200);
    }

    @Test
    void gives_a_pool_without_a_template_that_of_the_worker() throws Exception {
      var bare = "bare-" + pool;
      api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(bare));
      var wish = ", 'default_base_job_template': " + TEMPLATE;
      try (var end = open(api, bare).say(hello(wish))) {
        ready(end);
      }
      assertThat(
              api.get("/work_pools/" + bare).json().at("/base_job_template/variables").isObject())
          .isTrue();
    }

    @Test
    void ends_for_good_with_what_is_not_allowed() throws Exception {
      var unknown = "unknown-" + pool;
      var reserved = "prefect-" + pool;
      var create = ", 'create_pool_if_not_found': true";
      assertThat(end(unknown, hello(""))).isEqualTo("closed 1008 authorization_failed");
      assertThat(end(reserved, hello(create))).isEqualTo("closed 1008 authorization_failed");
      assertThat(end(pool, hello(", 'work_queue_names': ['none']")))
          .isEqualTo("closed 1008 authorization_failed");
      assertThat(end(unknown, hello(create + ", 'default_base_job_template': {'x': 1}")))
          .isEqualTo("closed 1002 protocol_error");
      var noBlock = "{'type': 'integer', 'default': {'$ref': {'block_document_id': 'none'}}}";
      var referring =
          "{'job_configuration': {'c': 1}, 'variables': {'properties': {'v': %s}}}"
              .formatted(noBlock);
      assertThat(end(unknown, hello(create + ", 'default_base_job_template': " + referring)))
          .isEqualTo("closed 1002 protocol_error");
      assertThat(api.get("/work_pools/" + unknown).status()).isEqualTo(404);
    }

    @Test
    void ends_for_good_with_what_is_no_hello() throws Exception {
      for (var text :
          List.of(
              "no json",
              "{}",
              heartbeat(consumer, "w"),
              hello(", 'unknown': 1"),
              hello("").replace("'worker_name': 'w'", "'worker_name': ''"),
              hello("").replace(": 30", ": 0"),
              hello("").replace("'worker_heartbeat.v1', ", ""),
              hello("").replace("'sent_at'", "'sent'"))) {
        assertThat(end(pool, text)).as(text).isEqualTo("closed 1002 protocol_error");
      }
      assertThat(end(pool, hello("").replace("worker_channel.v1", "worker_channel.v2")))
          .isEqualTo("closed 1008 unsupported_version");
    }

    private String end(String pool, String text) throws InterruptedException {
      try (var end = open(api, pool).say(text)) {
        return end.hear();
      }
    }

    @Test
    void ends_for_good_without_auth() throws Exception {
      try (var end =
          new SocketEnd(api.base(), "/work_pools/%s/workers/connect".formatted(pool))
              .say(hello(""))) {
        assertThat(end.hear()).isEqualTo("closed 1008 authentication_failed");
      }
    }
  }

  @Nested
  class ForHeartbeats {
    @Test
    void writes_them() throws Exception {
      try (var end = joined()) {
        var before = worker().path("last_heartbeat_time").textValue();
        end.say(heartbeat(consumer, "w")).ping();
        assertThat(end.hear()).isEqualTo("pong");
        while (worker().path("last_heartbeat_time").textValue().equals(before)) {
          Thread.onSpinWait();
        }
        assertThat(worker().path("heartbeat_interval_seconds").intValue()).isEqualTo(20);
      }
    }

    @Test
    void ends_for_good_with_those_of_somebody_else() throws Exception {
      for (var beat : List.of(heartbeat(UUID.randomUUID(), "w"), heartbeat(consumer, "other"))) {
        try (var end = joined().say(beat)) {
          assertThat(end.hear()).isEqualTo("closed 1002 protocol_error");
        }
      }
    }
  }

  @Nested
  class ForSnapshots {
    @Test
    void tells_once_of_changes_that_follow_each_other() throws Exception {
      try (var end = joined()) {
        patch("{'concurrency_limit': 3}");
        assertThat(snapshot(end).at("/work_pool/concurrency_limit").intValue()).isEqualTo(3);
        patch("{'is_paused': true}");
        patch("{'is_paused': false}");
        patch("{'concurrency_limit': 4}");
        var last = snapshot(end);
        while (last.at("/work_pool/concurrency_limit").intValue() != 4) {
          last = snapshot(end);
        }
        assertThat(last.path("reason").textValue()).isEqualTo("work_pool_updated");
        assertThat(last.path("snapshot_sequence").intValue()).isBetween(3, 5);
        assertThat(last.path("work_pool")).isEqualTo(api.get("/work_pools/" + pool).json());
      }
    }

    @Test
    void tells_of_each_kind_of_change_that_workers_must_know() throws Exception {
      try (var end = joined()) {
        for (var change :
            List.of(
                "{'base_job_template': {}}",
                "{'concurrency_limit': 7}",
                "{'is_paused': true}",
                "{'storage_configuration': {'bundle_upload_step': {'a': 1}}}")) {
          patch("{'description': 'said by no snapshot'}");
          patch(change);
          snapshot(end);
        }
        end.ping();
        assertThat(end.hear()).isEqualTo("pong");
      }
    }

    /** What was missed is seen by the version that a heartbeat gives. */
    @Test
    void tells_with_a_heartbeat_of_a_change_it_did_not_tell_before() throws Exception {
      try (var end = joined()) {
        patch("{'description': 'said by no snapshot'}");
        end.say(heartbeat(consumer, "w"));
        var snapshot = snapshot(end);
        assertThat(snapshot.path("reason").textValue()).isEqualTo("heartbeat_reconciliation");
        assertThat(snapshot.at("/work_pool/description").textValue())
            .isEqualTo("said by no snapshot");
      }
    }

    @Test
    void ends_for_good_when_the_pool_is_deleted() throws Exception {
      try (var end = joined()) {
        assertThat(api.delete("/work_pools/" + pool).status()).isEqualTo(204);
        assertThat(end.hear()).isEqualTo("closed 1008 authorization_failed");
      }
    }
  }

  @Nested
  class WhenThereAreTooMany {
    @Test
    void sends_a_worker_away_for_a_while() throws Exception {
      var settings = "sluice.http.worker-channel.per-pool-max = 1";
      try (var served = Served.start(settings, InstantSource.system())) {
        var small = served.api();
        small.post("/work_pools/", "{'name': 'p', 'type': 'process'}");
        try (var first = open(small, "p").say(hello(""))) {
          ready(first);
          try (var second = open(small, "p").say(hello(""))) {
            assertThat(second.hear()).isEqualTo("closed 1011 transient_server_error");
          }
          first.bye();
          assertThat(SocketEnd.isClosed(first.hear())).isTrue();
        }
        try (var third = open(small, "p").say(hello(""))) {
          ready(third);
        }
      }
    }
  }
}

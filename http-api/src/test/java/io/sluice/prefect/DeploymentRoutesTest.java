package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Deployments, work pools and workers over HTTP")
@ExtendWith(SharedNode.class)
class DeploymentRoutesTest {
  private static final String NOWHERE = UUID.randomUUID().toString();
  private static final String HOURLY =
      "[{'schedule': {'interval': 3600, 'anchor_date': '2026-01-01T00:00:00Z'}, 'active': false}]";

  private final Asker api;
  private final String name = "d-" + UUID.randomUUID();
  private final String pool = "pool-" + name;
  private String flow;

  DeploymentRoutesTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void create() {
    flow = api.post("/flows/", "{'name': 'flow-%s'}".formatted(name)).id();
    assertThat(createPool(pool).status()).isEqualTo(201);
  }

  private Asker.Reply createPool(String named) {
    return api.post("/work_pools/", "{'name': '%s', 'type': 'process'}".formatted(named));
  }

  private Asker.Reply deploy(String more) {
    return api.post(
        "/deployments/",
        "{'name': '%s', 'flow_id': '%s', 'work_pool_name': '%s'%s}"
            .formatted(name, flow, pool, more));
  }

  private Asker.Reply poll(String body) {
    return api.post("/work_pools/" + pool + "/get_scheduled_flow_runs", body);
  }

  @Nested
  class Deployments {
    @Test
    void are_created_and_then_changed_by_the_same_request() {
      var created = deploy("");
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.text("work_queue_name")).isEqualTo("default");
      assertThat(created.json().path("pull_steps").toString()).isEqualTo("[]");
      var again = deploy(", 'tags': ['t']");
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.id()).isEqualTo(created.id());
      var named = api.get("/deployments/name/flow-%s/%s".formatted(name, name));
      assertThat(named.json().path("tags").toString()).isEqualTo("[\"t\"]");
      assertThat(api.get("/deployments/" + created.id()).json()).isEqualTo(named.json());
    }

    @Test
    void may_have_an_empty_name_but_none_that_cannot_be_in_a_path() {
      var named = "{'name': '%s', 'flow_id': '%s'}";
      var made = api.post("/deployments/", named.formatted("", flow));
      assertThat(made.status()).isEqualTo(201);
      assertThat(api.get("/deployments/" + made.id()).text("name")).isEmpty();
      assertThat(api.post("/deployments/" + made.id() + "/create_flow_run", "{}").status())
          .isEqualTo(201);
      assertThat(api.post("/deployments/", named.formatted("a/b", flow)).status()).isEqualTo(422);
    }

    @Test
    void make_the_queue_they_name_but_no_pool() {
      assertThat(deploy(", 'work_queue_name': 'fast'").text("work_queue_name")).isEqualTo("fast");
      assertThat(api.get("/work_pools/" + pool + "/queues/fast").status()).isEqualTo(200);
      var elsewhere =
          api.post(
              "/deployments/",
              "{'name': 'x', 'flow_id': '%s', 'work_pool_name': 'no-such'}".formatted(flow));
      assertThat(elsewhere.status()).isEqualTo(404);
    }

    @Test
    void leave_no_limit_behind_when_several_are_made_at_once_under_one_name() {
      for (int round = 0; round < 5; round++) {
        var asked =
            Stream.generate(
                    () -> CompletableFuture.supplyAsync(() -> deploy(", 'concurrency_limit': 1")))
                .limit(8)
                .toList();
        var answers = asked.stream().map(CompletableFuture::join).toList();
        assertThat(answers).extracting(Asker.Reply::status).containsOnlyOnce(201).contains(200);
        var ids = answers.stream().map(Asker.Reply::id).collect(Collectors.toSet());
        assertThat(ids).hasSize(1);
        assertThat(limitsOfDeploymentsThatAreGone()).isEmpty();
        api.delete("/deployments/" + ids.iterator().next());
      }
    }

    private List<String> limitsOfDeploymentsThatAreGone() {
      var all = api.post("/v2/concurrency_limits/filter", "{'limit': 200}").json();
      return StreamSupport.stream(all.spliterator(), false)
          .map(limit -> limit.path("name").asText())
          .filter(limit -> limit.startsWith("deployment:"))
          .filter(limit -> api.get(limit.replace("deployment:", "/deployments/")).status() == 404)
          .toList();
    }

    @Test
    void have_a_limit_which_goes_with_them() {
      var id = deploy(", 'concurrency_limit': 1").id();
      var read = api.get("/deployments/" + id).json();
      assertThat(read.path("concurrency_limit").isNull()).isTrue();
      assertThat(read.path("global_concurrency_limit").path("limit").intValue()).isEqualTo(1);
      var limit = "/v2/concurrency_limits/deployment%3A" + id;
      assertThat(api.get(limit).status()).isEqualTo(200);
      assertThat(api.delete("/deployments/" + id).status()).isEqualTo(204);
      assertThat(api.get(limit).status()).isEqualTo(404);
      assertThat(api.get("/deployments/" + id).status()).isEqualTo(404);
    }

    @Test
    void make_runs_of_their_own_and_given_parameters() {
      var id = deploy(", 'parameters': {'a': 1, 'b': 1}, 'tags': ['d']").id();
      var path = "/deployments/" + id + "/create_flow_run";
      var run = api.post(path, "{'parameters': {'b': 2}, 'tags': ['r'], 'idempotency_key': 'k'}");
      assertThat(run.status()).isEqualTo(201);
      assertThat(run.json().path("parameters").toString()).isEqualTo("{\"a\":1,\"b\":2}");
      assertThat(run.json().path("tags")).hasSize(2);
      assertThat(run.text("state_type")).isEqualTo("SCHEDULED");
      assertThat(api.post(path, "{'idempotency_key': 'k'}").status()).isEqualTo(200);
    }

    @Test
    void refuse_parameters_that_their_schema_does_not_allow() {
      var id =
          deploy(
                  ", 'enforce_parameter_schema': true, 'parameter_openapi_schema': {'type':"
                      + " 'object', 'properties': {'a': {'type': 'integer'}}}")
              .id();
      var run =
          api.post("/deployments/" + id + "/create_flow_run", "{'parameters': {'a': 'many'}}");
      assertThat(run.status()).isEqualTo(409);
      assertThat(run.text("detail")).startsWith("Error creating flow run: ");
    }

    @Test
    void are_paused_and_resumed() {
      var id = deploy("").id();
      for (boolean pause : new boolean[] {true, false}) {
        var verb = pause ? "pause" : "resume";
        assertThat(api.post("/deployments/" + id + "/" + verb + "_deployment", "").toString())
            .isEqualTo("200 null");
        assertThat(api.get("/deployments/" + id).json().path("paused").booleanValue())
            .isEqualTo(pause);
      }
    }

    @Test
    void have_schedules_newest_first() {
      var id = deploy(", 'schedules': " + HOURLY).id();
      var path = "/deployments/" + id + "/schedules";
      var more = api.post(path, HOURLY);
      assertThat(more.status()).isEqualTo(201);
      var newest = more.json().get(0).path("id").textValue();
      var read = api.get("/deployments/" + id).json().path("schedules");
      assertThat(read).hasSize(2);
      assertThat(read.get(0).path("id").textValue()).isEqualTo(newest);
      assertThat(api.get(path).json()).as("the list of schedules").isEqualTo(read);
      assertThat(api.patch(path + "/" + newest, "{'active': true}").status()).isEqualTo(204);
      assertThat(api.delete(path + "/" + newest).status()).isEqualTo(204);
      assertThat(api.delete(path + "/" + newest).status()).isEqualTo(404);
      assertThat(api.get(path).json()).hasSize(1);
    }

    @Test
    void have_the_last_of_the_schedules_made_together_first() {
      var two =
          "[{'schedule': {'interval': 60}, 'slug': 'a'}, {'schedule': {'cron': '0 0 * * *'}, 'slug': 'b'}]";
      var id = deploy(", 'schedules': " + two).id();
      var read = api.get("/deployments/" + id).json().path("schedules");
      assertThat(read.findValuesAsText("slug")).containsExactly("b", "a");
      assertThat(api.get("/deployments/" + id + "/schedules").json()).isEqualTo(read);
    }

    @Test
    void that_are_not_there_are_answered_404() {
      for (var reply :
          new Asker.Reply[] {
            api.get("/deployments/" + NOWHERE),
            api.get("/deployments/name/a/b"),
            api.patch("/deployments/" + NOWHERE, "{'paused': true}"),
            api.delete("/deployments/" + NOWHERE),
            api.post("/deployments/" + NOWHERE + "/create_flow_run", "{}"),
            api.post("/deployments/" + NOWHERE + "/pause_deployment", "")
          }) {
        assertThat(reply.toString()).isEqualTo("404 {\"detail\":\"Deployment not found\"}");
      }
    }

    @Test
    void hand_their_due_runs_to_whoever_serves_them() {
      var id = deploy("").id();
      var run = api.post("/deployments/" + id + "/create_flow_run", "{}").id();
      var body =
          "{'deployment_ids': ['%s'], 'scheduled_before': '2999-01-01T00:00:00Z'}".formatted(id);
      assertThat(
              api.post("/deployments/get_scheduled_flow_runs", body).json().findValuesAsText("id"))
          .contains(run);
    }
  }

  @Nested
  class Pools {
    @Test
    void are_created_once_with_a_default_queue() {
      assertThat(createPool(pool).status()).isEqualTo(409);
      var read = api.get("/work_pools/" + pool);
      assertThat(read.text("status")).isEqualTo("NOT_READY");
      var queue = api.get("/work_pools/" + pool + "/queues/default");
      assertThat(queue.id()).isEqualTo(read.text("default_queue_id"));
      assertThat(queue.json().path("priority").intValue()).isEqualTo(1);
    }

    @Test
    void with_reserved_names_are_forbidden() {
      assertThat(createPool("Prefect-" + name).status()).isEqualTo(403);
    }

    @Test
    void change_only_in_the_fields_given_and_null_clears_a_limit() {
      var path = "/work_pools/" + pool;
      assertThat(api.patch(path, "{'concurrency_limit': 3}").status()).isEqualTo(204);
      assertThat(api.patch(path, "{'is_paused': true}").status()).isEqualTo(204);
      var read = api.get(path).json();
      assertThat(read.path("concurrency_limit").intValue()).isEqualTo(3);
      assertThat(read.path("active_slots").intValue()).isZero();
      assertThat(read.path("status").textValue()).isEqualTo("PAUSED");
      assertThat(api.patch(path, "{'concurrency_limit': null}").status()).isEqualTo(204);
      assertThat(api.get(path).json().path("concurrency_limit").isNull()).isTrue();
    }

    @Test
    void that_are_not_there_are_answered_404() {
      for (var reply :
          new Asker.Reply[] {
            api.get("/work_pools/no-such"),
            api.patch("/work_pools/no-such", "{'is_paused': true}"),
            api.delete("/work_pools/no-such"),
            api.post("/work_pools/no-such/queues", "{'name': 'q'}"),
            api.post("/work_pools/no-such/get_scheduled_flow_runs", "{}"),
            api.post("/work_pools/no-such/workers/heartbeat", "{'name': 'w'}"),
            api.get("/work_pools/" + pool + "/queues/no-such"),
            poll("{'work_queue_names': ['no-such']}")
          }) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(404);
      }
    }

    @Test
    void are_ready_and_list_their_workers_after_a_heartbeat() {
      var path = "/work_pools/" + pool + "/workers/";
      assertThat(
              api.post(path + "heartbeat", "{'name': 'w', 'heartbeat_interval_seconds': 30}")
                  .status())
          .isEqualTo(204);
      var workers = api.post(path + "filter", "{}").json();
      assertThat(workers.findValuesAsText("name")).containsExactly("w");
      assertThat(workers.findValuesAsText("status")).containsExactly("ONLINE");
      assertThat(api.get("/work_pools/" + pool).text("status")).isEqualTo("READY");
    }

    @Test
    void are_gone_with_their_queues_when_deleted() {
      assertThat(api.delete("/work_pools/" + pool).status()).isEqualTo(204);
      assertThat(api.get("/work_pools/" + pool).status()).isEqualTo(404);
      assertThat(api.get("/work_pools/" + pool + "/queues/default").status()).isEqualTo(404);
    }
  }

  @Nested
  class Queues {
    private String path() {
      return "/work_pools/" + pool + "/queues";
    }

    @Test
    void take_the_lowest_free_priority_and_shift_others() {
      assertThat(api.post(path(), "{'name': 'a'}").json().path("priority").intValue()).isEqualTo(2);
      assertThat(api.post(path(), "{'name': 'b', 'priority': 1}").status()).isEqualTo(201);
      assertThat(api.post(path() + "/filter", "{}").json().findValuesAsText("name"))
          .containsExactly("b", "default", "a");
      assertThat(api.post(path(), "{'name': 'a'}").status()).isEqualTo(409);
    }

    @Test
    void are_changed_by_name_and_by_id() {
      var id = api.post(path(), "{'name': 'a'}").id();
      assertThat(api.patch(path() + "/a", "{'is_paused': true}").status()).isEqualTo(204);
      assertThat(api.get("/work_queues/" + id).text("status")).isEqualTo("PAUSED");
      assertThat(api.patch("/work_queues/" + id, "{'concurrency_limit': 2}").status())
          .isEqualTo(204);
      var read = api.get(path() + "/a").json();
      assertThat(read.path("concurrency_limit").intValue()).isEqualTo(2);
      assertThat(read.path("is_paused").booleanValue()).isTrue();
    }

    @Test
    void are_deleted_except_the_default_one() {
      api.post(path(), "{'name': 'a'}");
      assertThat(api.delete(path() + "/a").status()).isEqualTo(204);
      assertThat(api.delete(path() + "/a").status()).isEqualTo(404);
      assertThat(api.delete(path() + "/default").status()).isEqualTo(409);
    }

    @Test
    void tell_how_they_are() {
      var id = api.get(path() + "/default").id();
      var status = api.get("/work_queues/" + id + "/status").json();
      assertThat(status.path("healthy").booleanValue()).isFalse();
      assertThat(status.path("health_check_policy").toString())
          .isEqualTo("{\"maximum_late_runs\":0,\"maximum_seconds_since_last_polled\":60}");
      assertThat(api.get("/work_queues/" + NOWHERE).status()).isEqualTo(404);
    }
  }

  @Nested
  class Polls {
    @Test
    void find_due_runs_of_the_queues_asked_for() {
      var id = deploy(", 'work_queue_name': 'fast'").id();
      var run = api.post("/deployments/" + id + "/create_flow_run", "{}").id();
      var found = poll("{'work_queue_names': ['fast']}").json();
      assertThat(found.findValues("flow_run")).hasSize(1);
      assertThat(found.get(0).path("flow_run").path("id").textValue()).isEqualTo(run);
      assertThat(found.get(0).path("flow_run").path("state").isNull()).isTrue();
      assertThat(poll("{'work_queue_names': ['default']}").json()).isEmpty();
      api.patch("/work_pools/" + pool + "/queues/fast", "{'is_paused': true}");
      assertThat(poll("{}").json()).isEmpty();
    }

    @Test
    void find_no_more_than_the_pool_has_room_for() {
      var id = deploy("").id();
      for (int i = 0; i < 3; i++) {
        api.post("/deployments/" + id + "/create_flow_run", "{}");
      }
      assertThat(poll("{}").json()).hasSize(3);
      assertThat(poll("{'limit': 2}").json()).hasSize(2);
      api.patch("/work_pools/" + pool, "{'concurrency_limit': 1}");
      assertThat(poll("{}").json()).hasSize(1);
      api.patch("/work_pools/" + pool, "{'concurrency_limit': 0}");
      assertThat(poll("{}").json()).isEmpty();
    }

    @Test
    void with_an_impossible_limit_are_answered_422() {
      assertThat(poll("{'limit': 201}").status()).isEqualTo(422);
      assertThat(poll("{'scheduled_before': 'soon'}").status()).isEqualTo(422);
    }
  }
}

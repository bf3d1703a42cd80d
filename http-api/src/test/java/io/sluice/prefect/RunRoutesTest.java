package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Flows and their runs over HTTP")
@ExtendWith(SharedNode.class)
class RunRoutesTest {
  private static final String NOWHERE = UUID.randomUUID().toString();

  private final Asker api;
  private final String name = "flow-" + UUID.randomUUID();

  RunRoutesTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply flow() {
    return api.post("/flows/", "{'name': '%s', 'tags': ['t'], 'labels': {}}".formatted(name));
  }

  private Asker.Reply run(String more) {
    return api.post(
        "/flow_runs/", "{'flow_id': '%s', 'parameters': {'x': 1}%s}".formatted(flow().id(), more));
  }

  private Asker.Reply propose(String run, String type) {
    return api.post(
        "/flow_runs/" + run + "/set_state", "{'state': {'type': '%s'}}".formatted(type));
  }

  @Nested
  class Flows {
    @Test
    void are_created_once_and_found_by_id_and_by_name() {
      var created = flow();
      assertThat(created.status()).isEqualTo(201);
      assertThat(flow().status()).isEqualTo(200);
      assertThat(flow().id()).isEqualTo(created.id());
      assertThat(api.get("/flows/" + created.id()).json()).isEqualTo(created.json());
      assertThat(api.get("/flows/name/" + name).json()).isEqualTo(created.json());
      var filter = "{'flows': {'name': {'any_': ['%s']}}}".formatted(name);
      assertThat(api.post("/flows/filter", filter).json().findValuesAsText("id"))
          .containsExactly(created.id());
      assertThat(api.post("/flows/count", filter).json().intValue()).isEqualTo(1);
    }

    @Test
    void that_are_not_there_or_make_no_sense_are_refused() {
      assertThat(api.get("/flows/" + NOWHERE).toString())
          .isEqualTo("404 {\"detail\":\"Flow not found\"}");
      assertThat(api.get("/flows/name/" + name).status()).isEqualTo(404);
      assertThat(api.post("/flows/", "{'name': 'a%b'}").status()).isEqualTo(422);
      assertThat(api.post("/flows/filter", "{'sort': 'SIZE'}").toString())
          .startsWith("422 ")
          .contains("NAME_ASC");
    }
  }

  @Nested
  class FlowRuns {
    @Test
    void are_pending_and_named_unless_somebody_says_otherwise() {
      var created = run("");
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.text("state_type")).isEqualTo("PENDING");
      assertThat(created.text("name")).matches("[a-z]+-[a-z]+");
      assertThat(created.json().path("job_variables").toString()).isEqualTo("{}");
      assertThat(created.json().path("labels").path("prefect.flow.id").textValue())
          .isEqualTo(flow().id());
      assertThat(api.get("/flow_runs/" + created.id()).text("name"))
          .isEqualTo(created.text("name"));
    }

    @Test
    void are_created_once_per_idempotency_key() {
      var created = run(", 'idempotency_key': 'k'");
      var again = run(", 'idempotency_key': 'k', 'name': 'other'");
      assertThat(created.status()).isEqualTo(201);
      assertThat(again.status()).isEqualTo(200);
      assertThat(again.id()).isEqualTo(created.id());
    }

    @Test
    void enter_states_which_are_remembered() {
      var id = run("").id();
      var running = propose(id, "RUNNING");
      assertThat(running.status()).isEqualTo(201);
      assertThat(running.text("status")).isEqualTo("ACCEPT");
      assertThat(propose(id, "COMPLETED").status()).isEqualTo(201);
      var late = propose(id, "CRASHED");
      assertThat(late.status()).isEqualTo(200);
      assertThat(late.text("status")).isEqualTo("ABORT");
      assertThat(late.json().path("state").path("type").textValue()).isEqualTo("COMPLETED");
      assertThat(api.get("/flow_run_states/?flow_run_id=" + id).json().findValuesAsText("name"))
          .containsExactly("Pending", "Running", "Completed");
    }

    /** The client sends null; readers of states tell null from false. */
    @Test
    void keep_the_details_of_a_state_as_they_were_sent() {
      var id = run("").id();
      api.post(
          "/flow_runs/" + id + "/set_state",
          "{'state': {'type': 'RUNNING', 'state_details': {'deferred': null}}}");
      var details = api.get("/flow_runs/" + id).json().path("state").path("state_details");
      assertThat(details.path("deferred").isNull()).isTrue();
      var silent = run("").json().path("state").path("state_details");
      assertThat(silent.path("deferred").toString()).isEqualTo("false");
    }

    @Test
    void change_only_in_the_fields_given() {
      var id = run("").id();
      assertThat(api.patch("/flow_runs/" + id, "{'name': 'mine'}").status()).isEqualTo(204);
      assertThat(api.patch("/flow_runs/" + id + "/labels", "{'a': 'b'}").status()).isEqualTo(204);
      var read = api.get("/flow_runs/" + id).json();
      assertThat(read.path("name").textValue()).isEqualTo("mine");
      assertThat(read.path("parameters").toString()).isEqualTo("{\"x\":1}");
      assertThat(read.path("labels").path("a").textValue()).isEqualTo("b");
      assertThat(api.patch("/flow_runs/" + id, "{'job_variables': {}}").status()).isEqualTo(400);
    }

    @Test
    void that_are_not_paused_are_not_resumed() {
      var resumed = api.post("/flow_runs/" + run("").id() + "/resume", "{}");
      assertThat(resumed.status()).isEqualTo(200);
      assertThat(resumed.text("status")).isEqualTo("ABORT");
    }

    @Test
    void are_listed_counted_and_deleted() {
      var id = run("").id();
      var filter = "{'flow_runs': {'id': {'any_': ['%s']}}}".formatted(id);
      assertThat(api.post("/flow_runs/filter", filter).json()).hasSize(1);
      assertThat(api.post("/flow_runs/count", filter).json().intValue()).isEqualTo(1);
      assertThat(api.delete("/flow_runs/" + id).status()).isEqualTo(204);
      assertThat(api.post("/flow_runs/filter", filter).json()).isEmpty();
      assertThat(api.get("/flow_runs/" + id).status()).isEqualTo(404);
    }

    @Test
    void that_are_not_there_are_answered_404() {
      for (var reply :
          new Asker.Reply[] {
            api.get("/flow_runs/" + NOWHERE),
            api.patch("/flow_runs/" + NOWHERE, "{'name': 'x'}"),
            api.delete("/flow_runs/" + NOWHERE),
            propose(NOWHERE, "RUNNING"),
            api.patch("/flow_runs/" + NOWHERE + "/labels", "{}")
          }) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(404);
      }
    }

    @Test
    void that_make_no_sense_are_answered_422() {
      assertThat(api.post("/flow_runs/", "{}").toString()).contains("Field required");
      assertThat(propose(run("").id(), "SLEEPING").toString())
          .startsWith("422 ")
          .contains("RUNNING");
      assertThat(api.post("/flow_runs/filter", "{'limit': 201}").status()).isEqualTo(422);
      assertThat(api.post("/flow_runs/filter", "{'limit': null, 'offset': null}").status())
          .isEqualTo(200);
      assertThat(
              api.post("/flow_runs/filter", "{'flow_runs': {'state': {'type': {'any_': ['X']}}}}")
                  .status())
          .isEqualTo(422);
    }
  }

  @Nested
  class TaskRuns {
    private Asker.Reply task(String flowRun) {
      return api.post(
          "/task_runs/",
          ("{'flow_run_id': '%s', 'task_key': 'k', 'dynamic_key': '0', 'labels': {'own': 'yes'},"
                  + " 'empirical_policy': {'retry_delay': 0}}")
              .formatted(flowRun));
    }

    @Test
    void are_created_once_with_the_labels_of_their_flow_run() {
      var flowRun = run("").id();
      var created = task(flowRun);
      assertThat(created.status()).isEqualTo(201);
      assertThat(created.json().path("labels").toString())
          .isEqualTo(
              "{\"prefect.flow.id\":\"%s\",\"prefect.flow-run.id\":\"%s\",\"own\":\"yes\"}"
                  .formatted(flow().id(), flowRun));
      assertThat(created.json().path("empirical_policy").path("retry_delay").toString())
          .isEqualTo("0");
      assertThat(task(flowRun).status()).isEqualTo(200);
      assertThat(task(flowRun).id()).isEqualTo(created.id());
      var filter = "{'flow_runs': {'id': {'any_': ['%s']}}}".formatted(flowRun);
      assertThat(api.post("/task_runs/filter", filter).json()).hasSize(1);
      assertThat(api.post("/task_runs/count", filter).json().intValue()).isEqualTo(1);
    }

    @Test
    void run_only_while_their_flow_runs() {
      var flowRun = run("").id();
      var id = task(flowRun).id();
      var body = "{'state': {'type': 'RUNNING'}}";
      assertThat(api.post("/task_runs/" + id + "/set_state", body).text("status"))
          .isEqualTo("ABORT");
      propose(flowRun, "RUNNING");
      assertThat(api.post("/task_runs/" + id + "/set_state", body).text("status"))
          .isEqualTo("ACCEPT");
      assertThat(api.get("/task_runs/" + id).text("state_type")).isEqualTo("RUNNING");
    }

    @Test
    void that_are_not_there_are_answered_404() {
      assertThat(api.get("/task_runs/" + NOWHERE).status()).isEqualTo(404);
      assertThat(
              api.post("/task_runs/" + NOWHERE + "/set_state", "{'state': {'type': 'RUNNING'}}")
                  .status())
          .isEqualTo(404);
    }
  }

  @Nested
  class WhatRunsLeave {
    @Test
    void logs_are_stored_and_listed() {
      var run = run("").id();
      var log =
          "[{'name': 'l', 'level': 20, 'message': 'hello', 'timestamp': '2026-11-21T08:00:00Z',"
              + " 'flow_run_id': '%s'}]".formatted(run);
      assertThat(api.post("/logs/", log).toString()).isEqualTo("201 null");
      var listed =
          api.post("/logs/filter", "{'logs': {'flow_run_id': {'any_': ['%s']}}}".formatted(run));
      assertThat(listed.json().findValuesAsText("message")).containsExactly("hello");
      assertThat(api.post("/logs/", "{}").status()).isEqualTo(422);
      assertThat(api.post("/logs/", "[{}]").status()).isEqualTo(422);
    }

    @Test
    void artifacts_are_found_by_id_and_the_newest_by_key() {
      var key = "k-" + UUID.randomUUID();
      var body = "{'key': '%s', 'type': 'markdown', 'data': %d}";
      var old = api.post("/artifacts/", body.formatted(key, 1));
      var newest = api.post("/artifacts/", body.formatted(key, 2));
      assertThat(old.status()).isEqualTo(201);
      assertThat(api.get("/artifacts/" + old.id()).json().path("data").intValue()).isEqualTo(1);
      assertThat(api.get("/artifacts/" + key + "/latest").id()).isEqualTo(newest.id());
      assertThat(api.get("/artifacts/none/latest").status()).isEqualTo(404);
      var filter = "{'artifacts': {'key': {'any_': ['%s']}}}".formatted(key);
      assertThat(api.post("/artifacts/filter", filter).json()).hasSize(2);
      var latest = api.post("/artifacts/latest/filter", filter).json();
      assertThat(latest.findValuesAsText("latest_id")).containsExactly(newest.id());
      assertThat(latest.findValuesAsText("data")).containsExactly("2");
      assertThat(api.post("/artifacts/latest/count", filter).json().intValue()).isEqualTo(1);
    }

    @Test
    void artifacts_say_when_they_were_changed() {
      var made = api.post("/artifacts/", "{'key': 'k', 'data': 1, 'description': 'stays'}");
      var path = "/artifacts/" + made.id();
      assertThat(api.patch(path, "{'data': 2}").status()).isEqualTo(204);
      var changed = api.get(path);
      assertThat(changed.json().path("data").intValue()).isEqualTo(2);
      assertThat(changed.text("description")).isEqualTo("stays");
      assertThat(changed.text("created")).isEqualTo(made.text("created"));
      assertThat(Instant.parse(changed.text("updated")))
          .isAfter(Instant.parse(made.text("updated")));
    }

    @Test
    void variables_have_names_and_any_value() {
      var variable = "v_" + UUID.randomUUID();
      var body = "{'name': '%s', 'value': {'a': [1]}}".formatted(variable);
      assertThat(api.post("/variables/", body).status()).isEqualTo(201);
      assertThat(api.post("/variables/", body).status()).isEqualTo(409);
      var path = "/variables/name/" + variable;
      assertThat(api.get(path).json().path("value").toString()).isEqualTo("{\"a\":[1]}");
      assertThat(api.patch(path, "{'value': null}").status()).isEqualTo(204);
      assertThat(api.get(path).json().path("value").isNull()).isTrue();
      assertThat(api.delete(path).status()).isEqualTo(204);
      assertThat(api.get(path).status()).isEqualTo(404);
      assertThat(api.post("/variables/", "{'name': 'Upper', 'value': 1}").status()).isEqualTo(422);
    }
  }
}

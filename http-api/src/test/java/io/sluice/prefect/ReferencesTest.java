package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each case was seen at a server of Prefect 3.8.8. */
@DisplayName("What refers to something else")
@ExtendWith(SharedNode.class)
class ReferencesTest {
  private static final UUID NOBODY = UUID.randomUUID();

  private final Asker api;
  private final String name = "refers-" + UUID.randomUUID();
  private String flow;
  private String deployment;

  ReferencesTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void deployment() {
    flow = api.post("/flows/", "{'name': '%s', 'labels': {'f': 1}}".formatted(name)).id();
    deployment =
        api.post(
                "/deployments/",
                "{'name': 'd', 'flow_id': '%s', 'labels': {'d': 1, 'both': 1}}".formatted(flow))
            .id();
  }

  private Asker.Reply run(String fields) {
    return api.post("/flow_runs/", "{'flow_id': '%s'%s}".formatted(flow, fields));
  }

  private void assertDangling(String path, String json) {
    var answer = api.post(path, json.replace("NOBODY", NOBODY.toString()));
    assertThat(answer.status()).as("%s %s: %s", path, json, answer).isEqualTo(409);
    assertThat(answer.text("detail")).startsWith("Data integrity conflict.").contains("" + NOBODY);
  }

  @Test
  void is_refused_if_that_is_not_there() {
    var ofFlow = "{'flow_id': '%s', ".formatted(flow);
    assertDangling("/flow_runs/", ofFlow + "'parent_task_run_id': 'NOBODY'}");
    assertDangling("/flow_runs/", ofFlow + "'infrastructure_document_id': 'NOBODY'}");
    var create = "/deployments/" + deployment + "/create_flow_run";
    assertDangling(create, "{'parent_task_run_id': 'NOBODY'}");
    assertDangling(create, "{'infrastructure_document_id': 'NOBODY'}");
    assertDangling("/task_runs/", "{'flow_run_id': 'NOBODY', 'task_key': 't', 'dynamic_key': '0'}");
    assertDangling("/deployments/", ofFlow + "'name': 'e', 'storage_document_id': 'NOBODY'}");
    assertDangling(
        "/deployments/", ofFlow + "'name': 'e', 'infrastructure_document_id': 'NOBODY'}");
    var change = "{'storage_document_id': '%s'}".formatted(NOBODY);
    assertThat(api.patch("/deployments/" + deployment, change).status()).isEqualTo(409);
  }

  @Test
  void is_taken_if_that_is_there() {
    var parent = run("").id();
    var task =
        api.post(
            "/task_runs/",
            "{'flow_run_id': '%s', 'task_key': 't', 'dynamic_key': '0'}".formatted(parent));
    assertThat(task.status()).isEqualTo(201);
    assertThat(run(", 'parent_task_run_id': '%s'".formatted(task.id())).status()).isEqualTo(201);
  }

  @Test
  void has_the_labels_of_its_deployment() {
    var labels =
        run(", 'deployment_id': '%s', 'labels': {'both': 2}".formatted(deployment))
            .json()
            .get("labels");
    assertThat(labels.get("f").asInt()).isEqualTo(1);
    assertThat(labels.get("d").asInt()).isEqualTo(1);
    assertThat(labels.get("both").asInt()).isEqualTo(2);
    assertThat(labels.get("prefect.deployment.id").asText()).isEqualTo(deployment);
    assertThat(labels.get("prefect.flow.id").asText()).isEqualTo(flow);
  }

  @Test
  void may_name_a_deployment_that_is_not_there() {
    var made = run(", 'deployment_id': '%s'".formatted(NOBODY));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("labels").has("prefect.deployment.id")).isFalse();
  }

  @Test
  void has_job_variables_only_with_a_deployment_but_null_always() {
    var scheduled = run(", 'state': {'type': 'SCHEDULED', 'name': 'Scheduled'}").id();
    var refused = api.patch("/flow_runs/" + scheduled, "{'job_variables': {'a': 1}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("detail"))
        .isEqualTo("A deployment for the flow run could not be found");
    var pending = run("").id();
    assertThat(api.patch("/flow_runs/" + pending, "{'job_variables': null}").status())
        .isEqualTo(204);
    assertThat(api.get("/flow_runs/" + pending).json().get("job_variables").isNull()).isTrue();
  }

  @Test
  void is_not_found_in_the_words_of_each_place() {
    var run = "/flow_runs/" + NOBODY;
    var withId = "Flow run with id %s not found".formatted(NOBODY);
    assertThat(api.get(run + "/graph").text("exception_message")).isEqualTo(withId);
    assertThat(api.get(run + "/graph-v2").text("exception_message"))
        .isEqualTo("Flow run %s not found".formatted(NOBODY));
    assertThat(api.patch(run + "/labels", "{'a': 1}").text("exception_message")).isEqualTo(withId);
    assertThat(api.get("/flow_run_states/" + NOBODY).text("detail"))
        .isEqualTo("Flow run state not found");
  }

  @Test
  void is_read_without_anything_where_the_body_is_null() {
    assertThat(api.post("/flow_runs/count", "null").status()).isEqualTo(200);
    var missing = api.post("/flows/", "null");
    assertThat(missing.status()).isEqualTo(422);
    assertThat(missing.json().at("/exception_detail/0/type").asText()).isEqualTo("missing");
  }
}

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
}

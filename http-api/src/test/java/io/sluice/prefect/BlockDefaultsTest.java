package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As in Prefect 3.8.8 (server/api/validation.py), all seen there. */
@DisplayName("The default of a job variable that refers to a block")
@ExtendWith(SharedNode.class)
class BlockDefaultsTest {
  private static final String SAYS_A = "'type': 'object', 'properties': {'a': {'type': '%s'}}";

  private final Asker api;
  private final String name = "defaults-" + UUID.randomUUID();
  private String block;

  BlockDefaultsTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void block() {
    var type = api.post("/block_types/", "{'name': '%s', 'slug': '%1$s'}".formatted(name)).id();
    var schema =
        api.post(
                "/block_schemas/",
                ("{'block_type_id': '%s', 'fields': {'type': 'object', 'properties': {'a': {'type':"
                        + " 'integer'}, 's': {'type': 'string'}}, 'secret_fields': ['s']}}")
                    .formatted(type))
            .id();
    block =
        api.post(
                "/block_documents/",
                ("{'name': 'b', 'block_type_id': '%s', 'block_schema_id': '%s', 'data': {'a': 1,"
                        + " 's': 'hush'}}")
                    .formatted(type, schema))
            .id();
  }

  private static String reference(String id) {
    return "{'$ref': {'block_document_id': '%s'}}".formatted(id);
  }

  private static String template(String variable, String value) {
    return ("'base_job_template': {'job_configuration': {'c': 'x'}, 'variables': {'type': 'object',"
            + " 'required': ['v'], 'properties': {'v': {%s, 'default': %s}}}}")
        .formatted(variable, value);
  }

  private Asker.Reply pool(String variable, String value) {
    return api.post(
        "/work_pools/", "{'name': '%s', %s}".formatted(name, template(variable, value)));
  }

  private Asker.Reply deploy(String jobVariables) {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    return api.post(
        "/deployments/",
        "{'name': '%s', 'flow_id': '%s', 'work_pool_name': '%s', 'job_variables': %s}"
            .formatted(UUID.randomUUID(), flow, name, jobVariables));
  }

  private static void assertNoBlock(Asker.Reply refused) {
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.text("detail")).isEqualTo("Block not found.");
  }

  @Test
  void must_have_one_when_the_pool_is_created_but_not_when_it_is_changed() {
    var missing = reference(UUID.randomUUID().toString());
    assertNoBlock(pool("'type': 'object'", missing));
    assertNoBlock(pool("'type': 'object'", reference("none")));
    assertThat(api.get("/work_pools/" + name).status()).isEqualTo(404);
    assertThat(pool("'type': 'integer'", "1").status()).isEqualTo(201);
    var change = "{%s}".formatted(template("'type': 'object'", missing));
    assertThat(api.patch("/work_pools/" + name, change).status()).isEqualTo(204);
  }

  @Test
  void must_refer_to_one_that_fits_and_is_kept_as_it_is() {
    var refused = pool(SAYS_A.formatted("string"), reference(block));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(refused.text("detail"))
        .startsWith(
            "Validation failed for work pool's job variable defaults: Validation failed for field"
                + " 'v.a'.");
    var made = pool(SAYS_A.formatted("integer"), reference(block));
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().at("/base_job_template/variables/properties/v/default").toString())
        .isEqualTo(reference(block).replace('\'', '"').replace(" ", ""));
  }

  @Test
  void does_not_show_its_secrets() {
    var refused =
        pool("'type': 'object', 'properties': {'s': {'type': 'integer'}}", reference(block));
    assertThat(refused.text("detail")).contains("'********'").doesNotContain("hush");
  }

  @Test
  void counts_as_given_for_runs() {
    pool(SAYS_A.formatted("integer"), reference(block));
    var run = "/deployments/" + deploy("{}").id() + "/create_flow_run";
    assertThat(api.post(run, "{}").status()).isEqualTo(201);
    assertThat(api.post(run, "{'job_variables': {'v': 3}}").text("detail"))
        .startsWith("Error creating flow run: Validation failed for field 'v'.");
  }

  @Test
  void that_is_gone_is_noticed_by_runs_and_by_deployments_with_variables() {
    pool(SAYS_A.formatted("integer"), reference(block));
    var deployment = deploy("{}").id();
    assertThat(api.delete("/block_documents/" + block).status()).isEqualTo(204);
    assertNoBlock(api.post("/deployments/" + deployment + "/create_flow_run", "{}"));
    assertNoBlock(deploy("{'v': {'a': 2}}"));
    assertThat(deploy("{}").status()).isEqualTo(201);
    assertNoBlock(api.post("/sluice/deployments/" + deployment + "/create_flow_runs", "[{}]"));
  }

  @Test
  void are_not_looked_at_when_a_deployment_is_changed_but_its_variables_are() {
    pool(SAYS_A.formatted("integer"), reference(block));
    var deployment = "/deployments/" + deploy("{}").id();
    api.delete("/block_documents/" + block);
    var change = "{'work_pool_name': '" + name + "', 'job_variables': {'v': %s}}";
    var refused = api.patch(deployment, change.formatted("3"));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("detail"))
        .startsWith("Error creating deployment: Validation failed for field 'v'.");
    assertThat(api.get(deployment).json().path("job_variables").toString()).isEqualTo("{}");
    assertThat(api.patch(deployment, change.formatted("{'a': 4}")).status()).isEqualTo(204);
    assertThat(api.patch(deployment, "{'job_variables': {'v': 3}}").status()).isEqualTo(204);
  }

  @Test
  void that_does_not_say_which_is_none() {
    assertThat(pool("'type': 'integer'", "{'$ref': {}}").status()).isEqualTo(201);
    var deployment = deploy("{}").id();
    assertThat(api.post("/deployments/" + deployment + "/create_flow_run", "{}").text("detail"))
        .contains("'v' is a required property");
  }
}

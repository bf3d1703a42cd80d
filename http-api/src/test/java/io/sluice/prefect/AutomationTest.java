package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Automations")
@ExtendWith(SharedNode.class)
class AutomationTest {
  private static final String NOTHING = "'actions': [{'type': 'do-nothing'}]";
  private static final String ON_ANY = "'trigger': {'type': 'event', 'posture': 'Reactive'}";

  private final Asker api;

  AutomationTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply create(String fields) {
    return api.post("/automations/", "{" + fields + "}");
  }

  @Test
  void are_stored_complete_and_say_that_nothing_executes_them() {
    var made =
        create(
            "'name': 'full', 'trigger': {'posture': 'Reactive', 'expect': ['x.y', 'x.y'],"
                + " 'match': {'a': 'b'}, 'within': 3, 'id': '"
                + new UUID(0, 1)
                + "'}, "
                + NOTHING);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.headers().firstValue("Sluice-Note").orElse(""))
        .contains("does not execute them");
    var automation = made.json();
    assertThat(automation.get("enabled").asBoolean()).isTrue();
    assertThat(automation.get("description").asText("none")).isEmpty();
    assertThat(automation.get("actions_on_resolve")).isEmpty();
    var trigger = automation.get("trigger");
    assertThat(trigger.get("type").asText()).isEqualTo("event");
    assertThat(trigger.get("id").asText()).isNotEqualTo(new UUID(0, 1).toString());
    assertThat(trigger.get("expect").toString()).isEqualTo("[\"x.y\"]");
    assertThat(trigger.get("threshold").asInt()).isEqualTo(1);
    assertThat(trigger.get("within").asDouble()).isEqualTo(3);
    assertThat(trigger.get("match_related").isObject()).isTrue();
    assertThat(api.get("/automations/" + made.id()).json()).isEqualTo(automation);
  }

  @Test
  void hold_triggers_in_triggers() {
    var made =
        create(
            "'name': 'nested', 'trigger': {'type': 'compound', 'require': 'all', 'within': 10,"
                + " 'triggers': [{'posture': 'Proactive'}, {'type': 'sequence', 'triggers': [],"
                + " 'within': null}]}, "
                + NOTHING);
    var trigger = made.json().get("trigger");
    assertThat(trigger.at("/triggers/0/within").asDouble()).isEqualTo(10);
    assertThat(trigger.at("/triggers/1/within").isNull()).isTrue();
    assertThat(trigger.findValuesAsText("id")).doesNotHaveDuplicates().hasSize(3);
  }

  @Test
  void complete_their_actions() {
    var id = new UUID(0, 7).toString();
    var made =
        create(
            "'name': 'acting', "
                + ON_ANY
                + ", 'actions': [{'type': 'run-deployment', 'deployment_id': '"
                + id
                + "'}, {'type': 'change-flow-run-state', 'state': 'FAILED'},"
                + " {'type': 'pause-work-pool', 'source': 'inferred'},"
                + " {'type': 'call-webhook', 'block_document_id': '"
                + id
                + "', 'payload': {'a': 1}}]");
    assertThat(made.json().get("actions").toString())
        .isEqualTo(
            ("[{'type':'run-deployment','source':'selected','deployment_id':'%1$s',"
                    + "'parameters':null,'job_variables':null,'schedule_after':0.0},"
                    + "{'type':'change-flow-run-state','name':null,'state':'FAILED',"
                    + "'message':null,'force':false},"
                    + "{'type':'pause-work-pool','source':'inferred','work_pool_id':null},"
                    + "{'type':'call-webhook','block_document_id':'%1$s',"
                    + "'payload':'{\\'a\\':1}'}]")
                .formatted(id)
                .replace('\'', '"'));
  }

  @Test
  void refuse_what_is_no_trigger_or_action() {
    refused("'name': 'x', 'trigger': {'type': 'nope'}, " + NOTHING, "'compound' or 'sequence'");
    refused("'name': 'x', 'trigger': {'posture': 'Lazy'}, " + NOTHING, "'Reactive' or");
    refused("'name': 'x', 'trigger': {'type': 'event'}, " + NOTHING, "\"posture\"");
    refused(
        "'name': 'x', 'trigger': {'posture': 'Proactive', 'within': 3}, " + NOTHING,
        "greater than or equal to 10 seconds");
    refused(
        "'name': 'x', 'trigger': {'type': 'compound', 'require': 2, 'within': 1, 'triggers': []}, "
            + NOTHING,
        "number of triggers");
    refused("'name': 'x', " + ON_ANY + ", 'actions': [{'type': 'zz'}]", "do-nothing");
    refused(
        "'name': 'x', " + ON_ANY + ", 'actions': [{'type': 'run-deployment'}]",
        "deployment_id is required");
    refused(
        "'name': 'x', "
            + ON_ANY
            + ", 'actions': [{'type': 'send-notification', 'block_document_id': '"
            + new UUID(0, 1)
            + "', 'body': '{{ a'}]",
        "'body' is not a valid template");
    refused("", "\"trigger\"");
  }

  private void refused(String fields, String because) {
    var refused = create(fields);
    assertThat(refused.status()).as(fields).isEqualTo(422);
    assertThat(refused.json().get("exception_detail").toString()).contains(because);
  }

  @Test
  void are_replaced_but_keep_what_an_update_leaves_out() {
    var path =
        "/automations/"
            + create(
                    "'name': 'before', 'tags': ['t'], 'enabled': false, " + ON_ANY + ", " + NOTHING)
                .id();
    var put = api.ask("PUT", path, "{'name': 'after', " + ON_ANY + ", 'actions': []}").join();
    assertThat(put.status()).isEqualTo(204);
    var after = api.get(path).json();
    assertThat(after.get("name").asText()).isEqualTo("after");
    assertThat(after.get("actions")).isEmpty();
    assertThat(after.get("tags").toString()).isEqualTo("[\"t\"]");
    assertThat(after.get("enabled").asBoolean(true)).isFalse();
  }

  @Test
  void are_paused_and_resumed() {
    var path = "/automations/" + create("'name': 'paused', " + ON_ANY + ", " + NOTHING).id();
    assertThat(api.patch(path, "{'enabled': false}").status()).isEqualTo(204);
    assertThat(api.get(path).json().get("enabled").asBoolean(true)).isFalse();
    api.patch(path, "{}");
    assertThat(api.get(path).json().get("enabled").asBoolean(true)).isFalse();
    api.patch(path, "{'enabled': true}");
    assertThat(api.get(path).json().get("enabled").asBoolean()).isTrue();
    assertThat(api.patch(path, "{'name': 'x'}").status()).isEqualTo(422);
  }

  @Test
  void are_listed_and_counted_by_name_and_tag() {
    create("'name': 'listed-b', 'tags': ['listed', 'b'], " + ON_ANY + ", " + NOTHING);
    create("'name': 'listed-a', 'tags': ['listed'], " + ON_ANY + ", " + NOTHING);
    var tagged = "{'automations': {'tags': {'all_': ['listed']}}, 'sort': 'NAME_ASC'}";
    assertThat(api.post("/automations/filter", tagged).json().findValuesAsText("name"))
        .containsExactly("listed-a", "listed-b");
    var named = "{'automations': {'name': {'any_': ['listed-b']}}}";
    assertThat(api.post("/automations/filter", named).json()).hasSize(1);
    assertThat(api.post("/automations/count", named).json().asInt()).isEqualTo(1);
    assertThat(api.post("/automations/count", "").json().asInt()).isGreaterThan(1);
  }

  @Test
  void belong_to_owners_and_name_deployments() {
    var owner = "prefect.deployment." + UUID.randomUUID();
    var named = UUID.randomUUID().toString();
    var owned =
        create(
                "'name': 'owned', 'owner_resource': '"
                    + owner
                    + "', "
                    + ON_ANY
                    + ", 'actions': [{'type': 'run-deployment', 'deployment_id': '"
                    + named
                    + "'}]")
            .id();
    var related = "/automations/related-to/prefect.deployment." + named;
    assertThat(api.get("/automations/related-to/" + owner).json().findValuesAsText("name"))
        .contains("owned");
    assertThat(api.get(related).json()).hasSize(1);

    api.ask("PUT", "/automations/" + owned, "{'name': 'n', " + ON_ANY + ", " + NOTHING + "}")
        .join();
    assertThat(api.get(related).json()).isEmpty();
    assertThat(api.delete("/automations/owned-by/prefect.deployment." + named).status())
        .isEqualTo(202);
    assertThat(api.get("/automations/" + owned).status()).isEqualTo(200);
    assertThat(api.delete("/automations/owned-by/" + owner).status()).isEqualTo(202);
    assertThat(api.get("/automations/" + owned).status()).isEqualTo(404);
  }

  @Test
  void are_gone_when_deleted() {
    var path = "/automations/" + create("'name': 'gone', " + ON_ANY + ", " + NOTHING).id();
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.get(path).text("exception_message")).isEqualTo("Automation not found");
    assertThat(api.patch(path, "{'enabled': true}").status()).isEqualTo(404);
  }

  @Test
  void templates_are_checked() {
    assertThat(api.post("/templates/validate", "'{{ a }}'").status()).isEqualTo(204);
    var bad = api.post("/automations/templates/validate", "'{{ a'");
    assertThat(bad.status()).isEqualTo(422);
    assertThat(bad.json().at("/error/line").asInt()).isEqualTo(1);
    assertThat(bad.json().at("/error/source").asText()).isEqualTo("{{ a");
  }
}

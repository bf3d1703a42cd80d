package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** As models/events.py and events/schemas/lifecycle.py of Prefect 3.8.8 make them. */
@DisplayName("The server's own events")
@ExtendWith(SharedNode.class)
class ServerEventsTest {
  private final Asker api;
  private final String thing = "t" + UUID.randomUUID();

  ServerEventsTest(Asker api) {
    this.api = api;
  }

  /** The events of a resource, oldest first, once there are {@code count}. */
  private List<JsonNode> told(String resource, int count) {
    var found = new ArrayList<JsonNode>();
    var asked =
        "{'filter': {'resource': {'id': ['%s']}, 'order': 'ASC'}, 'limit': 50}".formatted(resource);
    // Whoever changes something is answered before its event is published.
    HeldRequestTest.await(
        () -> {
          found.clear();
          api.post("/events/filter", asked).json().get("events").forEach(found::add);
          return found.size() >= count;
        },
        Duration.ofSeconds(20));
    return found;
  }

  private List<String> namesTold(String resource, int count) {
    return told(resource, count).stream().map(event -> event.path("event").textValue()).toList();
  }

  private String pool(String more) {
    return api.post("/work_pools/", "{'name': '%s', 'type': 'process'%s}".formatted(thing, more))
        .id();
  }

  private static List<String> related(JsonNode event) {
    return StreamSupport.stream(event.path("related").spliterator(), false)
        .map(ServerEventsTest::brief)
        .toList();
  }

  private static String brief(JsonNode resource) {
    return resource.path("prefect.resource.role").asText()
        + " "
        + resource.path("prefect.resource.id").asText()
        + " "
        + resource.path("prefect.resource.name").asText("");
  }

  @Test
  void tell_what_a_flow_run_has_to_do_with() {
    var pool = pool("");
    var queue = api.get("/work_pools/" + thing + "/queues/default").id();
    var flow = api.post("/flows/", "{'name': 'f%s', 'tags': ['c', 'a']}".formatted(thing)).id();
    var deployment =
        api.post(
                "/deployments/",
                "{'name': 'd', 'flow_id': '%s', 'work_pool_name': '%s', 'tags': ['b', 'a']}"
                    .formatted(flow, thing))
            .id();
    var run = api.post("/deployments/" + deployment + "/create_flow_run", "{'tags': ['d']}").id();
    var event = told("prefect.flow-run." + run, 1).get(0);
    assertThat(event.path("event").textValue()).isEqualTo("prefect.flow-run.Scheduled");
    assertThat(related(event))
        .containsExactly(
            "flow prefect.flow." + flow + " f" + thing,
            "deployment prefect.deployment." + deployment + " d",
            "work-queue prefect.work-queue." + queue + " default",
            "work-pool prefect.work-pool." + pool + " " + thing,
            "tag prefect.tag.a ",
            "tag prefect.tag.b ",
            "tag prefect.tag.c ",
            "tag prefect.tag.d ");
    assertThat(event.path("related").path(3).path("prefect.work-pool.type").textValue())
        .isEqualTo("process");
  }

  @Test
  void tell_what_becomes_of_a_work_pool_and_its_queues() {
    var pool = pool(", 'concurrency_limit': 2");
    var name = "/work_pools/" + thing;
    var queue = api.get(name + "/queues/default").id();
    assertThat(api.patch(name, "{'concurrency_limit': 3, 'is_paused': true}").status())
        .isEqualTo(204);
    api.patch(name, "{'concurrency_limit': 3}");
    var other = api.post(name + "/queues", "{'name': 'q', 'priority': 1}").id();
    api.patch(name + "/queues/q", "{'priority': 5, 'description': 'slow'}");
    api.patch(name + "/queues/q", "{'is_paused': true}");
    api.delete(name);
    var told = told("prefect.work-pool." + pool, 5);
    assertThat(told)
        .extracting(event -> event.path("event").textValue().replace("prefect.work-pool.", ""))
        .containsExactly("created", "not-ready", "updated", "paused", "deleted");
    assertThat(told)
        .allSatisfy(
            event -> {
              var resource = event.path("resource");
              assertThat(resource.path("prefect.resource.name").textValue()).isEqualTo(thing);
              assertThat(resource.path("prefect.work-pool.type").textValue()).isEqualTo("process");
            });
    assertThat(related(told.get(0)))
        .containsExactly("default-queue prefect.work-queue." + queue + " ");
    assertThat(told.get(2).path("payload"))
        .hasToString(
            "{\"updated_fields\":[\"concurrency_limit\"],"
                + "\"updates\":{\"concurrency_limit\":{\"from\":2,\"to\":3}}}");
    assertThat(told.get(3).path("follows").textValue())
        .isEqualTo(told.get(1).path("id").textValue());
    // That it made room for another one is not told.
    assertThat(namesTold("prefect.work-queue." + queue, 2))
        .containsExactly("prefect.work-queue.created", "prefect.work-queue.deleted");
    var ofOther = told("prefect.work-queue." + other, 4);
    assertThat(ofOther)
        .extracting(event -> event.path("event").textValue().replace("prefect.work-queue.", ""))
        .containsExactly("created", "updated", "paused", "deleted");
    assertThat(related(ofOther.get(2)))
        .containsExactly("work-pool prefect.work-pool." + pool + " " + thing);
    assertThat(ofOther.get(2).path("resource").path("prefect.resource.role").textValue())
        .isEqualTo("work-queue");
    assertThat(ofOther.get(1).path("payload").path("updated_fields"))
        .hasToString("[\"description\",\"priority\"]");
  }

  @Test
  void tell_what_becomes_of_a_deployment() {
    var pool = pool("");
    var queue = api.get("/work_pools/" + thing + "/queues/default").id();
    var flow = api.post("/flows/", "{'name': 'f%s'}".formatted(thing)).id();
    var type = api.post("/block_types/", "{'name': '%1$s', 'slug': '%1$s'}".formatted(thing)).id();
    var schema =
        api.post(
                "/block_schemas/",
                "{'block_type_id': '%s', 'fields': {'title': '%s', 'type': 'object'}}"
                    .formatted(type, thing))
            .id();
    var block =
        api.post(
                "/block_documents/",
                "{'name': 'b', 'data': {}, 'block_schema_id': '%s', 'block_type_id': '%s'}"
                    .formatted(schema, type))
            .id();
    var wanted =
        "{'name': 'd', 'flow_id': '%s', 'tags': ['a'], 'work_pool_name': '%s',"
                .formatted(flow, thing)
            + " 'storage_document_id': '%s'}".formatted(block);
    var deployment = api.post("/deployments/", wanted).id();
    api.post("/deployments/", wanted);
    var path = "/deployments/" + deployment;
    assertThat(api.patch(path, "{'tags': ['b'], 'paused': true}").status()).isEqualTo(204);
    api.patch(path, "{'tags': ['b']}");
    api.delete(path);
    var told = told("prefect.deployment." + deployment, 3);
    assertThat(told)
        .extracting(event -> event.path("event").textValue().replace("prefect.deployment.", ""))
        .containsExactly("created", "updated", "deleted");
    assertThat(told)
        .allSatisfy(
            event ->
                assertThat(related(event))
                    .containsExactly(
                        "flow prefect.flow." + flow + " f" + thing,
                        "work-queue prefect.work-queue." + queue + " default",
                        "work-pool prefect.work-pool." + pool + " " + thing,
                        "storage prefect.block-document." + block + " "));
    assertThat(told.get(1).path("payload").path("updates"))
        .hasToString(
            "{\"tags\":{\"from\":[\"a\"],\"to\":[\"b\"]},"
                + "\"paused\":{\"from\":false,\"to\":true}}");
  }

  @Test
  void tell_what_becomes_of_a_limit() {
    var limit = api.post("/v2/concurrency_limits/", "{'name': '%s', 'limit': 2}".formatted(thing));
    var path = "/v2/concurrency_limits/" + limit.id();
    assertThat(api.patch(path, "{'limit': 3, 'slot_decay_per_second': 0.5}").status())
        .isEqualTo(204);
    api.delete(path);
    var told = told("prefect.concurrency-limit." + limit.id(), 3);
    assertThat(told)
        .extracting(event -> event.path("event").textValue())
        .containsExactly(
            "prefect.concurrency-limit.created",
            "prefect.concurrency-limit.updated",
            "prefect.concurrency-limit.deleted");
    assertThat(told.get(0).path("payload"))
        .hasToString(
            "{\"name\":\"%s\",\"limit\":2,\"active\":true,\"slot_decay_per_second\":0.0}"
                .formatted(thing));
    assertThat(told.get(1).path("payload").path("limit").intValue()).isEqualTo(3);
    assertThat(told.get(1).path("resource").path("prefect.resource.name").textValue())
        .isEqualTo(thing);
    var ofTag =
        api.post("/concurrency_limits/", "{'tag': '%s', 'concurrency_limit': 1}".formatted(thing));
    var first = told("prefect.concurrency-limit." + ofTag.id(), 1).get(0);
    assertThat(first.path("payload").path("name").textValue()).isEqualTo("tag:" + thing);
  }

  @Test
  void tell_nothing_of_the_limit_of_a_deployment_but_the_deployment_itself() {
    var flow = api.post("/flows/", "{'name': 'f%s'}".formatted(thing)).id();
    var deployment =
        api.post(
            "/deployments/",
            "{'name': 'd', 'flow_id': '%s', 'concurrency_limit': 2}".formatted(flow));
    var limit = deployment.json().path("global_concurrency_limit").path("id").textValue();
    api.patch("/deployments/" + deployment.id(), "{'concurrency_limit': 3}");
    api.delete("/deployments/" + deployment.id());
    var told = told("prefect.deployment." + deployment.id(), 2);
    assertThat(related(told.get(0)))
        .contains("concurrency-limit prefect.concurrency-limit." + limit + " ");
    assertThat(namesTold("prefect.deployment." + deployment.id(), 2))
        .containsExactly("prefect.deployment.created", "prefect.deployment.deleted");
    assertThat(told("prefect.concurrency-limit." + limit, 0)).isEmpty();
  }

  @Test
  void tell_what_becomes_of_a_flow_a_variable_and_an_automation() {
    var flow = api.post("/flows/", "{'name': '%s', 'tags': ['a']}".formatted(thing)).id();
    api.post("/flows/", "{'name': '%s'}".formatted(thing));
    api.patch("/flows/" + flow, "{'tags': ['b']}");
    api.delete("/flows/" + flow);
    assertLife("flow", flow, "{'name':'%s','tags':['b'],'labels':{}}");
    var variable =
        api.post("/variables/", "{'name': '%s', 'value': 1}".formatted(thing.replace('-', '_')));
    api.patch("/variables/" + variable.id(), "{'value': {'n': 2}, 'name': '%s'}".formatted(thing));
    api.delete("/variables/" + variable.id());
    assertLife("variable", variable.id(), "{'name':'%s','value':{'n':2},'tags':[]}");
    var automation =
        api.post(
            "/automations/",
            "{'name': '%s', 'trigger': {'posture': 'Reactive', 'expect': ['x.y'], 'threshold': 1,"
                    .formatted(thing)
                + " 'within': 3}, 'actions': [{'type': 'do-nothing'}]}");
    var path = "/automations/" + automation.id();
    api.patch(path, "{'enabled': false}");
    var disabled = api.get(path).json();
    api.delete(path);
    var told = told("prefect.automation." + automation.id(), 3);
    assertThat(told.get(1).path("payload")).isEqualTo(disabled);
    assertThat(namesTold("prefect.automation." + automation.id(), 3))
        .containsExactly(
            "prefect.automation.created",
            "prefect.automation.updated",
            "prefect.automation.deleted");
  }

  @Test
  void tell_what_becomes_of_a_type_of_blocks_and_of_a_block_but_none_of_its_secrets() {
    var type = api.post("/block_types/", "{'name': '%s', 'slug': '%1$s'}".formatted(thing)).id();
    api.patch("/block_types/" + type, "{'description': 'd'}");
    var schema =
        api.post(
                "/block_schemas/",
                ("{'block_type_id': '%s', 'capabilities': ['c'], 'fields': {'type': 'object',"
                        + " 'properties': {'s': {'type': 'string'}}, 'secret_fields': ['s']}}")
                    .formatted(type))
            .id();
    var draft =
        ("{'name': '%s', 'block_type_id': '%s', 'block_schema_id': '%s', 'data': {'a': 'x', 's':"
                + " 'hush', 'n': 1}, 'is_anonymous': %s}")
            .formatted(thing, type, schema, "%s");
    var block = api.post("/block_documents/", draft.formatted(false)).id();
    var other = draft.replace("'name': '" + thing + "', ", "");
    var unnamed = api.post("/block_documents/", other.formatted(true)).id();
    api.patch("/block_documents/" + block, "{'data': {'a': 'y'}}");
    api.delete("/block_documents/" + block);
    api.delete("/block_types/" + type);
    var data = "'data':{'a':'y'},'block_schema':{'capabilities':['c'],'block_type':";
    var ofType = "{'id':'%s','name':'%s'}}}".formatted(type, thing);
    assertLife("block-document", block, "{'name':'%s'," + data + ofType);
    assertLife(
        "block-type",
        type,
        "{'name':'%1$s','slug':'%1$s','logo_url':null,'documentation_url':null,'description':'d',"
            + "'code_example':null,'is_protected':false}");
    assertThat(related(told("prefect.block-document." + block, 3).get(0)))
        .contains("block-schema prefect.block-schema." + schema + " ")
        .contains("block-type prefect.block-type." + type + " " + thing);
    assertThat(told("prefect.block-document." + unnamed, 0)).isEmpty();
  }

  @Test
  void tell_which_artifact_of_a_key_is_the_latest() {
    var draft = "{'key': '%s', 'type': 't', 'data': %s, 'description': 'x'}";
    var first = api.post("/artifacts/", draft.formatted(thing, 1)).id();
    var second = api.post("/artifacts/", draft.formatted(thing, 2)).id();
    api.patch("/artifacts/" + second, "{'data': 3}");
    api.delete("/artifacts/" + second);
    var filter = "{'artifacts': {'key': {'any_': ['%s']}}}".formatted(thing);
    var collection = api.post("/artifacts/latest/filter", filter).json().at("/0/id").textValue();
    api.delete("/artifacts/" + first);
    var told = told("prefect.artifact-collection." + collection, 4);
    assertThat(told)
        .extracting(event -> event.path("event").textValue().replaceFirst(".*\\.", ""))
        .containsExactly("created", "updated", "updated", "deleted");
    assertThat(told)
        .extracting(event -> related(event).get(0))
        .containsExactly(
            "latest prefect.artifact." + first + " ",
            "latest prefect.artifact." + second + " ",
            "latest prefect.artifact." + first + " ",
            "latest prefect.artifact." + first + " ");
    assertThat(told.get(1).path("payload"))
        .hasToString(
            "{\"key\":\"%s\",\"type\":\"t\",\"data\":2,\"description\":\"x\"}".formatted(thing));
  }

  /** What is told last is as it was changed to. */
  private void assertLife(String kind, String id, String last) {
    var told = told("prefect." + kind + "." + id, 3);
    assertThat(told)
        .extracting(event -> event.path("event").textValue().replace("prefect." + kind + ".", ""))
        .containsExactly("created", "updated", "deleted");
    assertThat(told.get(2).path("payload")).hasToString(last.replace('\'', '"').formatted(thing));
    assertThat(told.get(2).path("resource").path("prefect.resource.name").textValue())
        .isEqualTo(thing);
  }
}

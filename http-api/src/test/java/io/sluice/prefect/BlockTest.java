package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Asker;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Blocks")
@ExtendWith(SharedNode.class)
class BlockTest {
  private final Asker api;
  private String slug;
  private String type;
  private String schema;

  BlockTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void aTypeWithASecret(TestInfo test) {
    slug = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    type = api.post("/block_types/", "{'name': 'T', 'slug': '" + slug + "'}").id();
    schema = schema(type, slug);
  }

  private String schema(String ofType, String title) {
    return api.post(
            "/block_schemas/",
            "{'block_type_id': '%s', 'fields': {'title': '%s', 'secret_fields': ['s', 'd.*']}}"
                .formatted(ofType, title))
        .id();
  }

  private Asker.Reply create(String name, String data) {
    return api.post(
        "/block_documents/",
        "{'name': %s, 'is_anonymous': %s, 'block_type_id': '%s', 'block_schema_id': '%s',"
                .formatted(name == null ? "null" : "'" + name + "'", name == null, type, schema)
            + " 'data': "
            + data
            + "}");
  }

  private String secrets(String id) {
    return api.get("/block_documents/" + id + "?include_secrets=true")
        .json()
        .get("data")
        .toString();
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  @Test
  void show_secrets_only_to_who_asks_for_them() {
    var made = create("one", "{'a': 'v', 's': 'secret', 'd': {'k': 'x'}}");
    assertThat(made.status()).isEqualTo(201);
    var hidden = json("{'a':'v','s':'********','d':{'k':'********'}}");
    assertThat(made.json().get("data").toString()).isEqualTo(hidden);
    var shown = json("{'a':'v','s':'secret','d':{'k':'x'}}");
    assertThat(secrets(made.id())).isEqualTo(shown);

    var named = "/block_types/slug/" + slug + "/block_documents/name/one";
    assertThat(api.get(named).json()).isEqualTo(made.json());
    assertThat(api.get(named + "?include_secrets=true").json().get("data").toString())
        .isEqualTo(shown);
    var ofType = "/block_types/slug/" + slug + "/block_documents";
    assertThat(api.get(ofType).json().at("/0/data").toString()).isEqualTo(hidden);
    var filter = "{'block_types': {'slug': {'any_': ['" + slug + "']}}, 'include_secrets': ";
    assertThat(listed(filter + "false}").at("/0/data").toString()).isEqualTo(hidden);
    assertThat(listed(filter + "true}").at("/0/data").toString()).isEqualTo(shown);
  }

  private JsonNode listed(String filter) {
    return api.post("/block_documents/filter", filter).json();
  }

  @Test
  void are_stored_so_that_the_store_tells_no_secrets(Served served) throws SQLException {
    var id = create("locked", "{'s': 'swordfish', 'a': 'open sesame'}").id();
    try (var connection = served.node().store().dataSource().getConnection();
        var query = connection.prepareStatement("SELECT secret FROM block_document WHERE id = ?")) {
      query.setObject(1, UUID.fromString(id));
      var row = query.executeQuery();
      assertThat(row.next()).isTrue();
      assertThat(new String(row.getBytes(1), StandardCharsets.ISO_8859_1))
          .doesNotContain("swordfish", "open sesame");
    }
  }

  @Test
  void come_with_their_type_and_their_schema() {
    var block = create("whole", "{}").json();
    assertThat(block.at("/block_type/slug").asText()).isEqualTo(slug);
    assertThat(block.get("block_type_name").asText()).isEqualTo("T");
    assertThat(block.at("/block_schema/id").asText()).isEqualTo(schema);
    assertThat(block.at("/block_schema/block_type/id").asText()).isEqualTo(type);
  }

  @Test
  void have_names_of_their_own_in_a_type() {
    create("mine", "{}");
    var again = create("mine", "{}");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("detail")).isEqualTo("Block already exists");
    assertThat(create("Not Mine", "{}").status()).isEqualTo(422);
    var nameless =
        api.post(
            "/block_documents/",
            "{'block_type_id': '%s', 'block_schema_id': '%s'}".formatted(type, schema));
    assertThat(nameless.status()).isEqualTo(422);
    assertThat(nameless.json().toString()).contains("Names must be provided for block documents.");
  }

  @Test
  void may_be_anonymous_and_are_then_listed_only_when_asked_for() {
    var anonymous = create(null, "{}");
    create("named", "{}");
    assertThat(anonymous.text("name")).startsWith("anonymous-");
    var types = "'block_types': {'slug': {'any_': ['" + slug + "']}}";
    var any = "'block_documents': {'is_anonymous': null}, ";
    var only = "'block_documents': {'is_anonymous': {'eq_': true}}, ";
    assertThat(listed("{" + types + "}").findValuesAsText("is_anonymous")).containsExactly("false");
    assertThat(listed("{" + only + types + "}").findValuesAsText("is_anonymous"))
        .containsExactly("true");
    assertThat(api.post("/block_documents/count", "{" + types + "}").json().asInt()).isEqualTo(1);
    assertThat(api.post("/block_documents/count", "{" + any + types + "}").json().asInt())
        .isEqualTo(2);
  }

  @Test
  void merge_changes_and_keep_secrets_that_come_back_hidden() {
    var path = "/block_documents/" + create("merged", "{'a': 1, 's': 'secret', 'z': 1}").id();
    assertThat(api.patch(path, "{'data': {'a': 2, 's': '********'}}").status()).isEqualTo(204);
    var id = api.get(path).id();
    assertThat(secrets(id)).isEqualTo(json("{'a':2,'s':'secret','z':1}"));
    api.patch(path, "{'data': {'s': 'new'}, 'merge_existing_data': false}");
    assertThat(secrets(id)).isEqualTo(json("{'s':'new'}"));
    assertThat(api.patch("/block_documents/" + UUID.randomUUID(), "{'data': {}}").status())
        .isEqualTo(404);
  }

  @Test
  void move_to_a_schema_of_their_own_type_only() {
    var path = "/block_documents/" + create("moved", "{}").id();
    var next = schema(type, "next of " + slug);
    assertThat(api.patch(path, "{'block_schema_id': '" + next + "'}").status()).isEqualTo(204);
    assertThat(api.get(path).text("block_schema_id")).isEqualTo(next);
    var other = api.post("/block_types/", "{'name': 'O', 'slug': '" + slug + "-o'}").id();
    var foreign = schema(other, "foreign to " + slug);
    var refused = api.patch(path, "{'block_schema_id': '" + foreign + "'}");
    assertThat(refused.status()).isEqualTo(400);
  }

  private static String reference(String id) {
    return "{'$ref': {'block_document_id': '" + id + "'}}";
  }

  @Test
  void hold_other_blocks_with_their_values() {
    var kid = create("kid", "{'s': 'inner'}").id();
    var made = create("holder", "{'x': 1, 'inner': " + reference(kid) + "}");
    assertThat(made.json().at("/data/inner/s").asText()).isEqualTo("********");
    assertThat(secrets(made.id())).isEqualTo(json("{'x':1,'inner':{'s':'inner'}}"));
    var held = made.json().at("/block_document_references/inner/block_document");
    assertThat(held.get("id").asText()).isEqualTo(kid);
    assertThat(held.get("name").asText()).isEqualTo("kid");

    api.patch("/block_documents/" + made.id(), "{'data': {'x': 2}}");
    assertThat(secrets(made.id())).isEqualTo(json("{'x':2,'inner':{'s':'inner'}}"));
    api.patch("/block_documents/" + made.id(), "{'data': {'inner': 5}}");
    assertThat(secrets(made.id())).isEqualTo(json("{'x':2,'inner':5}"));
  }

  @Test
  void lose_what_they_held_when_that_is_deleted() {
    var kid = create("kid", "{}").id();
    var holder = create("holder", "{'x': 1, 'inner': " + reference(kid) + "}").id();
    assertThat(api.delete("/block_documents/" + kid).status()).isEqualTo(204);
    assertThat(api.delete("/block_documents/" + kid).status()).isEqualTo(404);
    assertThat(secrets(holder)).isEqualTo(json("{'x':1}"));
  }

  @Test
  void hold_neither_themselves_nor_nothing() {
    var first = create("first", "{}").id();
    var second = create("second", "{'f': " + reference(first) + "}").id();
    var ring = api.patch("/block_documents/" + first, "{'data': {'s': " + reference(second) + "}}");
    assertThat(ring.status()).isEqualTo(400);
    assertThat(ring.text("detail")).contains("cycle");
    assertThat(create("third", "{'f': {'$ref': {}}}").text("detail"))
        .isEqualTo("Received block reference without a block_document_id in key f");
    var nowhere = create("fourth", "{'f': " + reference(UUID.randomUUID().toString()) + "}");
    assertThat(nowhere.status()).isEqualTo(409);
  }

  @Test
  void need_a_type_and_a_schema() {
    schema = UUID.randomUUID().toString();
    assertThat(create("lost", "{}").status()).isEqualTo(409);
    type = UUID.randomUUID().toString();
    assertThat(create("lost", "{}").status()).isEqualTo(409);
  }
}

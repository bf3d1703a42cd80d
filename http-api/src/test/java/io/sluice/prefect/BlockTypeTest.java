package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Types of blocks")
@ExtendWith(SharedNode.class)
class BlockTypeTest {
  private final Asker api;

  BlockTypeTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply create(String slug) {
    return api.post("/block_types/", "{'name': 'Type " + slug + "', 'slug': '" + slug + "'}");
  }

  @Test
  void are_found_by_id_and_by_slug() {
    var made = create("found-type");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().get("is_protected").asBoolean(true)).isFalse();
    assertThat(api.get("/block_types/" + made.id()).json()).isEqualTo(made.json());
    assertThat(api.get("/block_types/slug/found-type").json()).isEqualTo(made.json());
    assertThat(api.get("/block_types/slug/nope").text("detail")).isEqualTo("Block type not found");
  }

  @Test
  void have_slugs_of_their_own() {
    create("twice");
    var again = create("twice");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.text("detail"))
        .isEqualTo("Block type with name \"Type twice\" already exists");
  }

  @Test
  void refuse_reserved_names_and_odd_slugs() {
    var reserved = api.post("/block_types/", "{'name': 'preFect X', 'slug': 'px'}");
    assertThat(reserved.status()).isEqualTo(403);
    var odd = api.post("/block_types/", "{'name': 'a/b', 'slug': 'P_x', 'foo': 1}");
    assertThat(odd.status()).isEqualTo(422);
    assertThat(odd.json().get("exception_detail")).hasSize(3);
  }

  @Test
  void escape_markup_when_created_and_take_changes_as_they_are() {
    var made =
        api.post(
            "/block_types/", "{'name': 'Marked', 'slug': 'marked', 'description': 'a <b> & c'}");
    assertThat(made.text("description")).isEqualTo("a &lt;b&gt; &amp; c");
    var path = "/block_types/" + made.id();
    assertThat(api.patch(path, "{'code_example': 'x & y'}").status()).isEqualTo(204);
    var changed = api.get(path);
    assertThat(changed.text("code_example")).isEqualTo("x & y");
    assertThat(changed.text("description")).isEqualTo("a &lt;b&gt; &amp; c");
    assertThat(api.patch(path, "{'name': 'Other'}").status()).isEqualTo(422);
  }

  @Test
  void are_listed_by_slug_name_and_what_their_schemas_can_do() {
    var able = create("listed-able").id();
    create("listed-unable");
    api.post(
        "/block_schemas/",
        "{'block_type_id': '" + able + "', 'fields': {'t': 1}, 'capabilities': ['fly', 'swim']}");
    assertThat(slugs("{'block_types': {'name': {'like_': 'LISTED-'}}}"))
        .isEqualTo("[listed-able, listed-unable]");
    assertThat(slugs("{'block_types': {'slug': {'any_': ['listed-unable']}}}"))
        .isEqualTo("[listed-unable]");
    assertThat(slugs("{'block_schemas': {'block_capabilities': {'all_': ['swim', 'fly']}}}"))
        .isEqualTo("[listed-able]");
    assertThat(slugs("{'block_schemas': {'block_capabilities': {'all_': ['fly', 'dig']}}}"))
        .isEqualTo("[]");
    assertThat(api.get("/block_capabilities/").json().toString()).contains("fly", "swim");
  }

  private String slugs(String filter) {
    return api.post("/block_types/filter", filter).json().findValuesAsText("slug").toString();
  }

  @Test
  void take_their_schemas_and_blocks_with_them() {
    var type = create("going").id();
    var schema =
        api.post("/block_schemas/", "{'block_type_id': '" + type + "', 'fields': {'g': 1}}").id();
    var block =
        api.post(
                "/block_documents/",
                "{'name': 'gone', 'block_type_id': '%s', 'block_schema_id': '%s'}"
                    .formatted(type, schema))
            .id();
    assertThat(api.delete("/block_types/" + type).status()).isEqualTo(204);
    assertThat(api.delete("/block_types/" + type).status()).isEqualTo(404);
    assertThat(api.get("/block_schemas/" + schema).status()).isEqualTo(404);
    assertThat(api.get("/block_documents/" + block).status()).isEqualTo(404);
  }

  @Test
  void that_clients_count_on_are_there_and_stay() {
    assertThat(api.post("/block_types/install_system_block_types", "").status()).isEqualTo(200);
    for (var slug : new String[] {"secret", "local-file-system", "webhook"}) {
      var type = api.get("/block_types/slug/" + slug);
      assertThat(type.json().get("is_protected").asBoolean()).isTrue();
      assertThat(api.delete("/block_types/" + type.id()).status()).isEqualTo(403);
      var schemas =
          api.post(
              "/block_schemas/filter",
              "{'block_schemas': {'block_type_id': {'any_': ['" + type.id() + "']}}}");
      assertThat(schemas.json()).hasSize(1);
      var schema = "/block_schemas/" + schemas.json().get(0).get("id").asText();
      assertThat(api.delete(schema).status()).isEqualTo(403);
    }
    assertThat(api.delete("/block_types/" + UUID.randomUUID()).status()).isEqualTo(404);
  }
}

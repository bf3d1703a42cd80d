package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Schemas of blocks")
@ExtendWith(SharedNode.class)
class BlockSchemaTest {
  private final Asker api;
  private String slug;
  private String type;

  BlockSchemaTest(Asker api) {
    this.api = api;
  }

  @BeforeEach
  void aType(TestInfo test) {
    slug = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    type = type(slug);
  }

  private String type(String named) {
    return api.post("/block_types/", "{'name': '" + named + "', 'slug': '" + named + "'}").id();
  }

  private Asker.Reply create(String fields, String version) {
    return api.post(
        "/block_schemas/",
        "{'block_type_id': '%s', 'fields': %s, 'version': '%s'}".formatted(type, fields, version));
  }

  @Test
  void are_created_once_for_each_checksum_and_version() {
    var fields = "{'title': '" + slug + "'}";
    var made = create(fields, "1");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().at("/block_type/slug").asText()).isEqualTo(slug);
    var again = create(fields, "1");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isEqualTo(made.id());
    var second = create(fields, "2");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.text("checksum")).isEqualTo(made.text("checksum"));

    var path = "/block_schemas/checksum/" + made.text("checksum");
    assertThat(api.get(path).id()).isEqualTo(second.id());
    assertThat(api.get(path + "?version=1").id()).isEqualTo(made.id());
    assertThat(api.get(path + "?version=3").text("detail")).isEqualTo("Block schema not found");
  }

  @Test
  void are_listed_newest_first() {
    create("{'n': 1, 't': '" + slug + "'}", "a");
    create("{'n': 2, 't': '" + slug + "'}", "b");
    var ofType = "'block_type_id': {'any_': ['" + type + "']}";
    var all = api.post("/block_schemas/filter", "{'block_schemas': {" + ofType + "}}").json();
    assertThat(all.findValuesAsText("version")).containsExactly("b", "a");
    var one =
        api.post(
            "/block_schemas/filter",
            "{'block_schemas': {" + ofType + ", 'version': {'any_': ['a']}}}");
    assertThat(one.json().findValuesAsText("version")).containsExactly("a");
  }

  @Test
  void create_those_of_the_blocks_in_their_fields() {
    var kid = slug + "-kid";
    var fields =
        """
        {'properties': {'inner': {'$ref': '#/definitions/Kid'}, 'e': {'$ref': '#/definitions/E'}},
         'block_schema_references':
            {'inner': {'block_type_slug': '%1$s', 'block_schema_checksum': 'sha256:x'}},
         'definitions': {'Kid': {'title': '%1$s', 'block_type_slug': '%1$s'}, 'E': {'enum': [1]}}}
        """
            .formatted(kid);
    var early = create(fields, "1");
    assertThat(early.status()).isEqualTo(409);
    assertThat(early.text("detail")).contains("block type '" + kid + "' was not found");

    var kidType = type(kid);
    var made = create(fields, "1");
    assertThat(made.status()).isEqualTo(201);
    var kids =
        api.post(
                "/block_schemas/filter",
                "{'block_schemas': {'block_type_id': {'any_': ['" + kidType + "']}}}")
            .json();
    assertThat(kids).hasSize(1);
    assertThat(kids.at("/0/fields").has("definitions")).isFalse();
    assertThat(made.json().at("/fields/block_schema_references/inner/block_schema_checksum"))
        .isEqualTo(kids.at("/0/checksum"));
    assertThat(made.json().at("/fields/definitions")).hasSize(2);
  }

  @Test
  void need_a_type() {
    var unknown = UUID.randomUUID().toString();
    type = unknown;
    assertThat(create("{}", "1").text("detail")).isEqualTo("Block type " + unknown + " not found.");
  }

  @Test
  void take_their_blocks_with_them() {
    var schema = create("{'t': '" + slug + "'}", "1").id();
    var block =
        api.post(
                "/block_documents/",
                "{'name': 'b', 'block_type_id': '%s', 'block_schema_id': '%s'}"
                    .formatted(type, schema))
            .id();
    assertThat(api.delete("/block_schemas/" + schema).status()).isEqualTo(204);
    assertThat(api.delete("/block_schemas/" + schema).status()).isEqualTo(404);
    assertThat(api.get("/block_documents/" + block).status()).isEqualTo(404);
  }
}

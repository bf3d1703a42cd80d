package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("The default storage of results")
@ExtendWith(SharedNode.class)
class ResultStorageTest {
  private static final String ID = "default_result_storage_block_id";

  private final Asker api;

  ResultStorageTest(Asker api) {
    this.api = api;
  }

  @AfterEach
  void clear() {
    api.delete("/admin/storage");
  }

  private String block(TestInfo test, String capability) {
    var slug = test.getTestMethod().orElseThrow().getName().replace('_', '-');
    var type = api.post("/block_types/", "{'name': 'S', 'slug': '" + slug + "'}").id();
    var schema =
        api.post(
                "/block_schemas/",
                "{'block_type_id': '%s', 'fields': {'t': '%s'}, 'capabilities': ['%s']}"
                    .formatted(type, slug, capability))
            .id();
    return api.post(
            "/block_documents/",
            "{'name': 'b', 'block_type_id': '%s', 'block_schema_id': '%s'}".formatted(type, schema))
        .id();
  }

  private Asker.Reply put(String block) {
    return api.ask("PUT", "/admin/storage", "{'" + ID + "': '" + block + "'}").join();
  }

  @Test
  void is_none_until_one_is_set(TestInfo test) {
    assertThat(api.get("/admin/storage").json().get(ID).isNull()).isTrue();
    var block = block(test, "write-path");
    assertThat(put(block).text(ID)).isEqualTo(block);
    assertThat(api.get("/admin/storage").text(ID)).isEqualTo(block);
    assertThat(api.delete("/admin/storage").status()).isEqualTo(204);
    assertThat(api.get("/admin/storage").json().get(ID).isNull()).isTrue();
  }

  @Test
  void can_write(TestInfo test) {
    var unable = put(block(test, "read-path"));
    assertThat(unable.status()).isEqualTo(422);
    assertThat(unable.text("detail")).endsWith("cannot be used for result storage.");
    assertThat(put(UUID.randomUUID().toString()).status()).isEqualTo(404);
  }

  @Test
  void is_none_again_when_its_block_is_deleted(TestInfo test) {
    var block = block(test, "write-path");
    put(block);
    api.delete("/block_documents/" + block);
    assertThat(api.get("/admin/storage").json().get(ID).isNull()).isTrue();
  }
}

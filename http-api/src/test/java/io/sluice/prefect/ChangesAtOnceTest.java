package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cluster.Together;
import io.sluice.http.Asker;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Of several changes of one thing at the same time")
@ExtendWith(SharedNode.class)
class ChangesAtOnceTest {
  private static final int AT_ONCE = 16;
  private static final int ROUNDS = 10;

  private final String name = "at-once-" + UUID.randomUUID();
  private final Served served;
  private final Asker api;

  ChangesAtOnceTest(Served served) {
    this.served = served;
    this.api = served.api();
  }

  /** Makes the changes, none of which waits for another one. */
  private void patch(String path, int count, IntFunction<String> change) {
    var asked =
        IntStream.range(0, count).mapToObj(i -> api.ask("PATCH", path, change.apply(i))).toList();
    for (var reply : Together.all(asked).join()) {
      assertThat(reply.status()).as(reply.toString()).isEqualTo(204);
    }
  }

  private String blockType() {
    return api.post("/block_types/", "{'name': '%s', 'slug': '%s'}".formatted(name, name)).id();
  }

  @Test
  void each_field_of_a_block_type_keeps_its_own() {
    var path = "/block_types/" + blockType();
    var fields = List.of("logo_url", "documentation_url", "description", "code_example");
    for (int round = 0; round < ROUNDS; round++) {
      var value = "https://example.org/" + round;
      patch(path, fields.size(), i -> "{'%s': '%s'}".formatted(fields.get(i), value));

      var now = api.get(path);
      fields.forEach(field -> assertThat(now.text(field)).as(field).isEqualTo(value));
    }
  }

  @Test
  void each_value_of_a_block_is_kept() {
    var type = blockType();
    var fields = "{'block_type_id': '%s', 'fields': {'title': '%s'}}".formatted(type, name);
    var schema = api.post("/block_schemas/", fields).id();
    var block =
        api.post(
                "/block_documents/",
                "{'name': 'b', 'block_type_id': '%s', 'block_schema_id': '%s', 'data': {}}"
                    .formatted(type, schema))
            .id();

    patch("/block_documents/" + block, AT_ONCE, i -> "{'data': {'k%d': %d}}".formatted(i, i));

    assertThat(api.get("/block_documents/" + block).json().required("data")).hasSize(AT_ONCE);
  }

  @Test
  void each_tag_of_a_flow_is_kept() {
    var flow = api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    var flows = served.node().owners().flows();
    Together.all(
            IntStream.range(0, AT_ONCE)
                .mapToObj(i -> flows.retag(UUID.fromString(flow), tags -> with(tags, "t" + i)))
                .toList())
        .join();

    assertThat(api.get("/flows/" + flow).json().required("tags")).hasSize(AT_ONCE);
    var tagged = "{'flows': {'id': {'any_': ['%s']}, 'tags': {'all_': ['t0', 't15']}}}";
    assertThat(api.post("/flows/filter", tagged.formatted(flow)).json()).hasSize(1);
  }

  private static List<String> with(List<String> tags, String more) {
    var all = new ArrayList<>(tags);
    all.add(more);
    return all;
  }

  @Test
  void a_flow_that_is_told_nothing_keeps_the_tags_it_is_given() {
    var path = "/flows/" + api.post("/flows/", "{'name': '%s'}".formatted(name)).id();
    for (int round = 0; round < ROUNDS; round++) {
      var tag = "t" + round;
      patch(path, AT_ONCE, i -> i == 0 ? "{'tags': ['%s']}".formatted(tag) : "{}");

      assertThat(api.get(path).json().required("tags").toString()).isEqualTo("[\"" + tag + "\"]");
    }
  }
}

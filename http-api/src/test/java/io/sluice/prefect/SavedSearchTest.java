package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@DisplayName("Saved searches")
@ExtendWith(SharedNode.class)
class SavedSearchTest {
  private static final String FILTER =
      "{'object': 'flow', 'property': 'name', 'type': 'string', 'operation': 'equals',"
          + " 'value': null}";

  private final Asker api;

  SavedSearchTest(Asker api) {
    this.api = api;
  }

  private Asker.Reply put(String json) {
    return api.ask("PUT", "/saved_searches/", json).join();
  }

  @Test
  void are_created_and_then_replaced_under_the_same_id() {
    var made = put("{'name': 'late ones', 'filters': [" + FILTER + "]}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().at("/filters/0/operation").asText()).isEqualTo("equals");

    var again = put("{'name': 'late ones'}");
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.id()).isEqualTo(made.id());
    assertThat(again.json().get("filters")).isEmpty();
    assertThat(api.get("/saved_searches/" + made.id()).json()).isEqualTo(again.json());
  }

  @Test
  void are_listed_by_name_page_by_page() {
    put("{'name': '!b'}");
    put("{'name': '!a'}");
    var first = api.post("/saved_searches/filter", "{'limit': 1}");
    var second = api.post("/saved_searches/filter", "{'limit': 1, 'offset': 1}");
    assertThat(first.json().findValuesAsText("name")).containsExactly("!a");
    assertThat(second.json().findValuesAsText("name")).containsExactly("!b");
  }

  @Test
  void are_gone_when_deleted() {
    var path = "/saved_searches/" + put("{'name': 'short-lived'}").id();
    assertThat(api.delete(path).status()).isEqualTo(204);
    assertThat(api.delete(path).status()).isEqualTo(404);
    assertThat(api.get(path).text("detail")).isEqualTo("Saved search not found");
  }

  @Test
  void say_which_parts_of_a_filter_are_missing() {
    var wrong = put("{'filters': [{'object': 'flow', 'value': 1}]}");
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.json().get("exception_detail").findValues("loc").toString())
        .isEqualTo(
            "[[\"body\",\"name\"], [\"body\",\"filters\",0,\"property\"],"
                + " [\"body\",\"filters\",0,\"type\"], [\"body\",\"filters\",0,\"operation\"]]");
  }
}

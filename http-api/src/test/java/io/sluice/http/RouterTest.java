package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A router")
class RouterTest {
  private static final Handler ANY = Handler.now(call -> Answer.noContent());

  private static final Router ROUTER =
      new Router()
          .get("/limits/{id_or_name}", ANY)
          .patch("/limits/{name}", ANY)
          .post("/limits/", ANY)
          .post("/limits/filter", ANY)
          .get("/limits/{id}/leases", ANY)
          .post("/limits/filter/next", ANY)
          .get("/limits/tag/{tag}", ANY);

  private static Router.Match match(String method, String... path) {
    return ROUTER.match(method, List.of(path));
  }

  @Test
  void finds_the_route_of_a_path_with_the_values_of_its_parameters() {
    var match = match("GET", "limits", "deploy:mine");
    assertThat(match.template()).isEqualTo("/limits/{id_or_name}");
    assertThat(match.parameters()).containsOnly(java.util.Map.entry("id_or_name", "deploy:mine"));
  }

  @Test
  void names_a_parameter_as_the_route_of_that_method_does() {
    assertThat(match("PATCH", "limits", "db").parameters()).containsOnlyKeys("name");
    assertThat(match("GET", "limits", "db").parameters()).containsOnlyKeys("id_or_name");
  }

  @Test
  void prefers_a_literal_to_a_parameter() {
    assertThat(match("POST", "limits", "filter").template()).isEqualTo("/limits/filter");
  }

  @Test
  void takes_the_parameter_where_the_literal_leads_nowhere() {
    assertThat(match("GET", "limits", "filter", "leases").parameters())
        .containsEntry("id", "filter");
    assertThat(match("GET", "limits", "tag", "leases").template()).isEqualTo("/limits/tag/{tag}");
  }

  /** A limit may be named like a route: {@code prefect gcl inspect filter}. */
  @Test
  void takes_the_parameter_where_the_literal_does_not_know_the_method() {
    assertThat(match("GET", "limits", "filter").parameters()).containsEntry("id_or_name", "filter");
    assertThat(match("PATCH", "limits", "filter").parameters()).containsEntry("name", "filter");
  }

  @Test
  void knows_no_route_for_less_or_more_than_a_template() {
    for (var path :
        List.of(List.<String>of(), List.of("limit"), List.of("limits", "a", "leases", "b"))) {
      assertThatExceptionOfType(NoRoute.class)
          .as("%s", path)
          .isThrownBy(() -> ROUTER.match("GET", path));
    }
    assertThatExceptionOfType(NoRoute.class)
        .as("a path that only leads to routes")
        .isThrownBy(() -> new Router().get("/a/b", ANY).match("GET", List.of("a")));
  }

  @Test
  void tells_a_wrong_method_from_a_wrong_path() {
    for (var path :
        List.of(List.of("limits"), List.of("limits", "db"), List.of("limits", "filter"))) {
      assertThatExceptionOfType(Router.WrongMethod.class)
          .as("%s", path)
          .isThrownBy(() -> ROUTER.match("DELETE", path));
    }
  }

  @Test
  void refuses_a_second_handler_for_the_same_requests() {
    var router = new Router().get("/flows/{id}", ANY);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.get("/flows/{name}/", ANY))
        .withMessageContaining("GET /flows/{name}");
    assertThat(router.routes()).containsExactly("GET /flows/{id}");
  }

  @Test
  void makes_a_socket_for_each_connection_to_exactly_its_path() {
    Socket mine = text -> CompletableFuture.completedFuture(Socket.Reply.NOTHING);
    var opened = new ArrayList<Socket>();
    var router =
        new Router()
            .socket(
                "/events/in",
                () -> {
                  opened.add(mine);
                  return mine;
                });
    router.open(List.of("events", "in"));
    router.open(List.of("events", "in"));
    assertThat(opened).hasSize(2);
    assertThatExceptionOfType(NoRoute.class).isThrownBy(() -> router.open(List.of("events")));
  }

  @Test
  void asks_all_gates_in_their_order() {
    var asked = new ArrayList<String>();
    new Router()
        .gate(call -> asked.add("first"))
        .gate(call -> asked.add("then"))
        .gate()
        .accept(null);
    assertThat(asked).containsExactly("first", "then");
  }
}

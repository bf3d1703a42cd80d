package io.sluice.prefect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.http.Asker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The file names every method and path of Prefect 3.8.8's OpenAPI description ({@code
 * prefect.server.api.server.create_app().openapi()}) and its websockets.
 */
@DisplayName("Of the routes of Prefect 3.8.8")
@Timeout(180)
class RoutesOfPrefectTest {
  /** Why a route is not there. */
  private static final Map<String, String> MISSING =
      Map.of(
          "SOCKET /task_runs/subscriptions/scheduled",
          "hands background tasks to task workers; no limit or queue of workflows is involved");

  private static List<String> wanted() throws IOException {
    try (var file = RoutesOfPrefectTest.class.getResourceAsStream("/prefect-3.8.8-routes.txt")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Without the names of parameters and the slash at the end. */
  private static String shape(String route) {
    return route.replaceAll("\\{[^}]*}", "{}").replaceAll("/$", "");
  }

  private static Set<String> there(Served served) {
    var config = served.node().system().settings().config().getConfig("sluice.http");
    var shapes = new TreeSet<String>();
    PrefectApi.router(served.node(), config).routes().forEach(route -> shapes.add(shape(route)));
    return shapes;
  }

  @Test
  void all_are_there_but_those_with_a_reason() throws IOException {
    assertThat(wanted()).hasSize(192).doesNotHaveDuplicates();
    try (var served = Served.start("", InstantSource.system())) {
      var there = there(served);
      assertThat(wanted().stream().filter(route -> !there.contains(shape(route))))
          .containsExactlyInAnyOrderElementsOf(MISSING.keySet());
      noneIsAnsweredAsIfItWereNotThere(served.api());
    }
  }

  /** The router could name them and another route could still stand in front of them. */
  private static void noneIsAnsweredAsIfItWereNotThere(Asker api) throws IOException {
    var id = UUID.randomUUID().toString();
    var answers = new LinkedHashMap<String, CompletableFuture<Asker.Reply>>();
    for (var route : wanted()) {
      if (!MISSING.containsKey(route) && !route.startsWith("SOCKET")) {
        var parts = route.split(" ");
        answers.put(route, api.ask(parts[0], parts[1].replaceAll("\\{[^}]*}", id), "{}"));
      }
    }
    answers.forEach(
        (route, coming) -> {
          var answer = coming.join();
          assertThat(answer.status()).as(route).isNotEqualTo(405);
          assertThat(answer.toString()).as(route).doesNotEndWith("{\"detail\":\"Not Found\"}");
        });
  }
}

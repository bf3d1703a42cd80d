package io.sluice.load.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;

/**
 * Makes the limits of a run, as patiently as any client: a cluster that has just come up is slow.
 */
final class StockMaker {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 10;
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final TestCluster cluster;
  private final HttpClient http = HttpClient.newHttpClient();

  StockMaker(TestCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * @throws Failure if one cannot be made
   */
  Stock make(String run) {
    var made = new ArrayList<Stock.Limit>();
    Stock.sizes(run)
        .forEach((name, slots) -> made.add(new Stock.Limit(name, make(name, slots), slots)));
    return Stock.of(made);
  }

  private String make(String name, int slots) {
    var last = "";
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      var node = cluster.apis().get(attempt % cluster.apis().size());
      try {
        var answer = create(node, name, slots);
        if (answer.statusCode() != CREATED) {
          // It may have been made although the answer says nothing of it.
          last = "%d %s".formatted(answer.statusCode(), answer.body());
          answer = send(request(node, "/v2/concurrency_limits/" + name).GET().build());
        }
        if (answer.statusCode() == CREATED || answer.statusCode() == OK) {
          return JSON.readTree(answer.body()).path("id").asText();
        }
      } catch (IOException failed) {
        last = failed.toString();
      }
      cluster.pause(AGAIN_AFTER);
    }
    throw new Failure(
        "Limit %s could not be made in %d attempts: %s".formatted(name, ATTEMPTS, last),
        "See the nodes' logs.",
        null);
  }

  private HttpResponse<String> create(URI node, String name, int slots) throws IOException {
    var body = JSON.createObjectNode().put("name", name).put("limit", slots);
    return send(
        request(node, "/v2/concurrency_limits/")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build());
  }

  private static HttpRequest.Builder request(URI node, String path) {
    return HttpRequest.newBuilder(URI.create(node + path)).timeout(ANSWER_WITHIN);
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted.", "Start it again.", interrupted);
    }
  }
}

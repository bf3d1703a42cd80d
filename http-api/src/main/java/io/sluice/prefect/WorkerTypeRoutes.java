package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Answer;
import io.sluice.http.Handler;
import io.sluice.http.Json;
import io.sluice.http.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Collections (Prefect 3.8.8, server/api/collections.py): the kinds of workers and the job template
 * a new pool of each gets: {@code prefect work-pool create --type} and {@code
 * get-default-base-job-template} ask for them.
 */
final class WorkerTypeRoutes {
  private static final String RESOURCE = "worker-types.json";

  /** Views that Prefect fetches from the internet; a node asks nobody. */
  private static final Set<String> ELSEWHERE =
      Set.of("aggregate-block-metadata", "aggregate-flow-metadata", "demo-flows");

  private WorkerTypeRoutes() {}

  static void addTo(Router router) {
    var types = read();
    router.get(
        "/collections/views/{view}", Handler.now(call -> view(call.parameter("view"), types)));
  }

  private static Answer view(String view, JsonNode types) {
    if (view.equals("aggregate-worker-metadata")) {
      return Answer.ok(types);
    }
    return Answer.detail(
        404,
        ELSEWHERE.contains(view)
            ? "Requested content missing for view " + view
            : "View %s not found in registry".formatted(view));
  }

  private static JsonNode read() {
    try (var in = WorkerTypeRoutes.class.getResourceAsStream(RESOURCE)) {
      return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

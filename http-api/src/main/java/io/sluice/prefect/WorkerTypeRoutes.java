package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.http.Answer;
import io.sluice.http.Handler;
import io.sluice.http.Json;
import io.sluice.http.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The kinds of workers and the job template a new pool of each gets: {@code prefect work-pool
 * create --type} and {@code get-default-base-job-template} ask for them.
 */
final class WorkerTypeRoutes {
  private static final String RESOURCE = "worker-types.json";

  private WorkerTypeRoutes() {}

  static void addTo(Router router) {
    var types = read();
    router.get(
        "/collections/views/aggregate-worker-metadata", Handler.now(call -> Answer.ok(types)));
  }

  private static JsonNode read() {
    try (var in = WorkerTypeRoutes.class.getResourceAsStream(RESOURCE)) {
      return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}

package io.sluice.prefect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.sluice.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** What Prefect's own clients sent and what Prefect 3.8.8 answered, in the order of time. */
final class Recording {
  private static final Path FOLDER = Path.of("src/test/resources/recorded");

  /** A request with its answer, or an event that a client sent. */
  sealed interface Step {
    String scenario();

    Instant at();
  }

  /**
   * @param prepared not recorded: what somebody did meanwhile whom the recorder did not hear, known
   *     from later answers
   * @param request missing if there was no body
   * @param answer missing if there was no body or it is not recorded
   */
  record Exchange(
      String scenario,
      Instant at,
      boolean prepared,
      String method,
      String path,
      Map<String, String> headers,
      JsonNode request,
      int status,
      boolean retryAfter,
      JsonNode answer)
      implements Step {}

  /** An event sent over {@code /events/in}. */
  record Told(String scenario, Instant at, JsonNode event) implements Step {}

  private Recording() {}

  /** All scenarios, as they followed each other or overlapped. */
  static List<Step> steps() {
    try (var files = Files.list(FOLDER)) {
      var steps = new ArrayList<Step>();
      for (var file : files.filter(f -> f.toString().endsWith(".jsonl.gz")).sorted().toList()) {
        read(file, steps);
      }
      steps.sort(Comparator.comparing(Step::at));
      return steps;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static void read(Path file, List<Step> into) throws IOException {
    var scenario = file.getFileName().toString().replace(".jsonl.gz", "");
    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var step = step(scenario, Json.read(line));
        if (!(step instanceof Told told) || !told.event().path("type").asText().equals("auth")) {
          into.add(step);
        }
      }
    }
  }

  private static Step step(String scenario, JsonNode json) {
    var micros = Math.round(json.required("t").doubleValue() * 1e6);
    var at = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1000);
    if (json.has("text")) {
      return new Told(scenario, at, json.get("text"));
    }
    var headers = new LinkedHashMap<String, String>();
    json.path("headers").properties().forEach(h -> headers.put(h.getKey(), h.getValue().asText()));
    return new Exchange(
        scenario,
        at,
        json.path("prepared").asBoolean(),
        json.required("method").textValue(),
        json.required("path").textValue(),
        headers,
        json.has("request") ? json.get("request") : MissingNode.getInstance(),
        json.required("status").intValue(),
        json.path("retry_after").asBoolean(),
        json.has("answer") ? json.get("answer") : MissingNode.getInstance());
  }
}

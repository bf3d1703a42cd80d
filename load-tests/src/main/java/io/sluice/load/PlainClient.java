package io.sluice.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Asks a server and waits for its answer; nothing is retried, so that each time measured is that of
 * one request. May be used by several threads, each with a connection of its own.
 */
final class PlainClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI api;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();

  PlainClient(URI api) {
    this.api = api;
  }

  URI api() {
    return api;
  }

  JsonNode post(String path, JsonNode body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(api + path))
              .timeout(TIMEOUT)
              .header("User-Agent", "prefect/3.8.8 (API 0.8.4)")
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(ApiClient.JSON.writeValueAsBytes(body)))
              .build();
      var response = http.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new Failure(
            "POST %s was answered %d: %s"
                .formatted(path, response.statusCode(), excerpt(response.body())),
            "See the server's log for why.",
            null);
      }
      return ApiClient.JSON.readTree(response.body());
    } catch (IOException failed) {
      throw new Failure(
          "No answer of %s%s: %s.".formatted(api, path, failed),
          "Start a server, e.g. 'java -jar sluice.jar server start', or name another with --url.",
          failed);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Failure("Interrupted.", "Start it again.", stop);
    }
  }

  private static String excerpt(byte[] body) {
    var text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
    return text.substring(0, Math.min(text.length(), 300));
  }
}

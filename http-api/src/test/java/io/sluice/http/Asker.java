package io.sluice.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks a server below one address; in its JSON, single quotes stand for double ones. */
public final class Asker {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI base;
  private final Map<String, String> headers;

  /**
   * @param base such as {@code http://127.0.0.1:4200/api}
   */
  public Asker(URI base) {
    this(base, Map.of());
  }

  private Asker(URI base, Map<String, String> headers) {
    this.base = base;
    this.headers = headers;
  }

  /** The same asker, which also sends a header. */
  public Asker with(String name, String value) {
    var all = new LinkedHashMap<>(headers);
    all.put(name, value);
    return new Asker(base, all);
  }

  /**
   * What was answered.
   *
   * @param json missing if the answer has no body
   */
  public record Reply(int status, HttpHeaders headers, JsonNode json) {
    /** The text of a field, empty if there is none. */
    public String text(String field) {
      return json.path(field).asText();
    }

    public String id() {
      return json.required("id").textValue();
    }

    /** As a test sees it in a failure. */
    @Override
    public String toString() {
      return status + " " + json;
    }
  }

  public URI base() {
    return base;
  }

  public Reply get(String path) {
    return ask("GET", path, null).join();
  }

  public Reply post(String path, String json) {
    return ask("POST", path, json).join();
  }

  public Reply patch(String path, String json) {
    return ask("PATCH", path, json).join();
  }

  public Reply delete(String path) {
    return ask("DELETE", path, null).join();
  }

  /** Asks and goes on; {@code json} may be null for no body. */
  public CompletableFuture<Reply> ask(String method, String path, String json) {
    return send(
        method,
        path,
        json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json.replace('\'', '"')));
  }

  /** Sends any body. */
  public CompletableFuture<Reply> send(
      String method, String path, HttpRequest.BodyPublisher content) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(PATIENCE)
            .method(method, content)
            .header("Content-Type", "application/json");
    headers.forEach(request::header);
    return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Asker::reply);
  }

  private static Reply reply(HttpResponse<String> response) {
    boolean isJson =
        response.headers().firstValue("Content-Type").orElse("").startsWith("application/json");
    var json = isJson ? Json.read(response.body()) : MissingNode.getInstance();
    return new Reply(response.statusCode(), response.headers(), json);
  }
}

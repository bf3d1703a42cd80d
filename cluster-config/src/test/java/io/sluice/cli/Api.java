package io.sluice.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** A client of one node that asks once and does not try again. */
record Api(URI base, HttpClient http) {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String LIMITS = "/v2/concurrency_limits/";
  private static final Pattern LEASE = Pattern.compile("\"lease_id\" *: *\"([0-9a-f-]{36})\"");
  private static final Pattern ACTIVE = Pattern.compile("\"active_slots\" *: *(\\d+)");

  /** A granted lease. */
  record Granted(UUID lease, long token) {}

  static Api of(String base) {
    return new Api(URI.create(base), HttpClient.newHttpClient());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    var body = BodyPublishers.ofString(json.replace('\'', '"'));
    return send(request(path).header("Content-Type", "application/json").POST(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(PATIENCE);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  /** Whether the limit is there afterwards. */
  boolean create(String limit, int slots) throws IOException, InterruptedException {
    int status = post(LIMITS, "{'name': '%s', 'limit': %d}".formatted(limit, slots)).statusCode();
    return status == 201 || status == 409;
  }

  /** Empty if there was no slot or no answer. */
  Optional<Granted> acquire(String limit) throws IOException, InterruptedException {
    var body =
        "{'names': ['%s'], 'slots': 1, 'mode': 'concurrency', 'lease_duration': 300}"
            .formatted(limit);
    var reply = post(LIMITS + "increment-with-lease", body);
    if (reply.statusCode() != 200) {
      return Optional.empty();
    }
    var lease = LEASE.matcher(reply.body());
    var token = reply.headers().firstValue("Sluice-Fencing-Tokens").orElseThrow().split("=")[1];
    return lease.find()
        ? Optional.of(new Granted(UUID.fromString(lease.group(1)), Long.parseLong(token)))
        : Optional.empty();
  }

  /** Whether it is given back, now or before. */
  boolean release(Granted granted) throws IOException, InterruptedException {
    var body = "{'lease_id': '%s'}".formatted(granted.lease());
    return post(LIMITS + "decrement-with-lease", body).statusCode() == 204;
  }

  /** How many slots are taken; empty if there was no answer. */
  Optional<Integer> active(String limit) throws IOException, InterruptedException {
    var reply = get(LIMITS + limit);
    var active = ACTIVE.matcher(reply.body());
    return reply.statusCode() == 200 && active.find()
        ? Optional.of(Integer.parseInt(active.group(1)))
        : Optional.empty();
  }
}

package io.sluice.load.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.Recorder;
import io.sluice.load.Timers;
import io.sluice.load.history.Entry.Kind;
import io.sluice.load.history.Op;
import io.sluice.load.history.Slots;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One asker for slots: every request and every answer goes into the log. When a request fails it
 * goes on to the next node and asks again, until {@code gaveUp}.
 */
final class SlotClient {
  static final int LEASE_SECONDS = 60;
  private static final int LOCKED = 423;
  private static final int SERVER_ERRORS = 5;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PAUSE = Duration.ofMillis(250);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final String TOKENS = "Sluice-Fencing-Tokens";
  private static final String LIMITS = "/v2/concurrency_limits/";

  private final String name;
  private final Around around;
  private int node;

  /** What all clients share. */
  record Around(
      List<URI> nodes,
      Stock stock,
      HttpClient http,
      Timers timers,
      Recorder recorder,
      BooleanSupplier gaveUp) {}

  /** What was granted. */
  record Lease(String id, List<String> limits) {}

  /**
   * What came back.
   *
   * @param status 0 if nothing did
   */
  private record Got(int status, JsonNode body, String tokens, String why) {
    boolean isSuccess() {
      return status / 100 == 2;
    }

    boolean isFailure() {
      return status == 0 || status / 100 == SERVER_ERRORS;
    }
  }

  /** A request: how it is logged before it is sent, and as what when it is answered well. */
  private record Ask(
      Op op,
      long call,
      int attempt,
      String method,
      String path,
      ObjectNode body,
      Duration hold,
      Slots asked,
      Function<Got, Slots> answered) {}

  /**
   * @param first the node that it asks first
   */
  SlotClient(String name, int first, Around around) {
    this.name = name;
    this.node = first % around.nodes().size();
    this.around = around;
  }

  /**
   * Asks for one slot of each of the limits.
   *
   * @param limits their names
   * @param wait how long the server may hold each request
   * @param patient whether to ask again until it is granted
   * @return empty if it was not granted
   */
  CompletableFuture<Optional<Lease>> acquire(List<String> limits, Duration wait, boolean patient) {
    var holder = UUID.randomUUID().toString();
    return acquire(limits, wait, patient, holder, around.recorder().newCall(), 1);
  }

  private CompletableFuture<Optional<Lease>> acquire(
      List<String> limits, Duration wait, boolean patient, String holder, long call, int attempt) {
    var asked = Slots.asked(node(), limits, patient, LEASE_SECONDS);
    var body = JSON.createObjectNode().put("slots", 1).put("mode", "concurrency");
    body.put("lease_duration", LEASE_SECONDS);
    body.putObject("holder").put("type", "task_run").put("id", holder);
    var names = body.putArray("names");
    limits.forEach(names::add);
    var ask =
        new Ask(
            Op.ACQUIRE,
            call,
            attempt,
            "POST",
            LIMITS + "increment-with-lease",
            body,
            wait,
            asked,
            got -> asked.granted(lease(got), tokens(got.tokens())));
    return send(ask)
        .thenCompose(
            got -> {
              if (got.isSuccess()) {
                return done(Optional.of(new Lease(lease(got), limits)));
              } else if (around.gaveUp().getAsBoolean() || !patient && !got.isFailure()) {
                return done(Optional.empty());
              } else if (!patient) {
                toNextNode();
                return done(Optional.empty());
              }
              return again(got)
                  .thenCompose(ready -> acquire(limits, wait, patient, holder, call, attempt + 1));
            });
  }

  private static <T> CompletableFuture<T> done(T what) {
    return CompletableFuture.completedFuture(what);
  }

  private CompletableFuture<Void> again(Got got) {
    if (got.status() == LOCKED) {
      return done(null);
    }
    if (!got.isFailure()) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("answered %d: %s".formatted(got.status(), got.body())));
    }
    toNextNode();
    return around.timers().after(PAUSE);
  }

  private static String lease(Got got) {
    return got.body().path("lease_id").asText(null);
  }

  /** By the names of the limits; null if the answer has none. */
  private Map<String, Long> tokens(String header) {
    if (header == null) {
      return null;
    }
    var tokens = new TreeMap<String, Long>();
    for (var token : header.split(",")) {
      var parts = token.strip().split("=");
      tokens.put(around.stock().nameOf(parts[0]), Long.parseLong(parts[1]));
    }
    return tokens;
  }

  /** True once it is renewed, false if it is gone or this gave up. */
  CompletableFuture<Boolean> renew(Lease lease) {
    var body = JSON.createObjectNode().put("lease_duration", LEASE_SECONDS);
    var path = LIMITS + "leases/" + lease.id() + "/renew";
    return untilAnswered(Op.RENEW, lease, path, body, around.recorder().newCall(), 1)
        .thenApply(Got::isSuccess);
  }

  CompletableFuture<Void> release(Lease lease) {
    var body = JSON.createObjectNode().put("lease_id", lease.id());
    var path = LIMITS + "decrement-with-lease";
    return untilAnswered(Op.RELEASE, lease, path, body, around.recorder().newCall(), 1)
        .thenApply(got -> null);
  }

  private CompletableFuture<Got> untilAnswered(
      Op op, Lease lease, String path, ObjectNode body, long call, int attempt) {
    var asked =
        Slots.held(node(), lease.limits(), lease.id(), op == Op.RENEW ? LEASE_SECONDS : null);
    return send(new Ask(op, call, attempt, "POST", path, body, Duration.ZERO, asked, got -> asked))
        .thenCompose(
            got ->
                got.isFailure() && !around.gaveUp().getAsBoolean()
                    ? again(got)
                        .thenCompose(
                            ready -> untilAnswered(op, lease, path, body, call, attempt + 1))
                    : done(got));
  }

  /** How many slots of a limit are taken; -1 if nobody says. */
  CompletableFuture<Integer> count(String limit) {
    var asked = Slots.counted(node(), limit, null);
    var ask =
        new Ask(
            Op.COUNT,
            around.recorder().newCall(),
            1,
            "GET",
            LIMITS + limit,
            null,
            Duration.ZERO,
            asked,
            got -> Slots.counted(asked.node(), limit, taken(got)));
    return send(ask)
        .thenApply(
            got -> {
              if (got.isFailure()) {
                toNextNode();
              }
              return got.isSuccess() ? taken(got) : -1;
            });
  }

  private static int taken(Got got) {
    return got.body().path("active_slots").asInt();
  }

  private String node() {
    return around.nodes().get(node).getAuthority();
  }

  private void toNextNode() {
    node = (node + 1) % around.nodes().size();
  }

  private CompletableFuture<Got> send(Ask ask) {
    var recorder = around.recorder();
    recorder.slots(Kind.SENT, ask.call(), ask.attempt(), name, ask.op(), null, null, ask.asked());
    return around
        .http()
        .sendAsync(request(ask), BodyHandlers.ofByteArray())
        .handle((response, failure) -> failure == null ? got(response) : lost(failure))
        .thenApply(
            got -> {
              recorder.slots(
                  got.status() == 0 ? Kind.LOST : Kind.ANSWERED,
                  ask.call(),
                  ask.attempt(),
                  name,
                  ask.op(),
                  got.status() == 0 ? null : got.status(),
                  got.why(),
                  got.isSuccess() ? ask.answered().apply(got) : ask.asked());
              return got;
            });
  }

  private HttpRequest request(Ask ask) {
    var builder =
        HttpRequest.newBuilder(URI.create(around.nodes().get(node) + ask.path()))
            .timeout(ask.hold().plus(ANSWER_WITHIN));
    if (!ask.hold().isZero()) {
      builder.header("Prefer", "wait=" + ask.hold().toSeconds());
    }
    if (ask.body() == null) {
      return builder.method(ask.method(), BodyPublishers.noBody()).build();
    }
    return builder
        .header("Content-Type", "application/json")
        .method(ask.method(), BodyPublishers.ofString(ask.body().toString()))
        .build();
  }

  private static Got got(HttpResponse<byte[]> response) {
    var tokens = response.headers().firstValue(TOKENS).orElse(null);
    JsonNode body = MissingNode.getInstance();
    try {
      body = response.body().length == 0 ? body : JSON.readTree(response.body());
    } catch (IOException noJson) {
      body = JSON.createObjectNode();
    }
    var why = response.statusCode() / 100 == 2 ? null : body.toString();
    return new Got(response.statusCode(), body, tokens, why);
  }

  private static Got lost(Throwable failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return new Got(0, MissingNode.getInstance(), null, cause.toString());
  }
}

package io.sluice.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.load.RetryRule.Outcome;
import io.sluice.load.history.Op;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One client of Prefect's API with the habits of Prefect 3.8.8's: its own connections, 60 s for
 * each request, retries by {@link RetryRule}. Every attempt and every answer is recorded.
 */
final class ApiClient {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Surroundings around;
  private final HttpClient http;
  private final ConnectionGate gate;
  private final String actor;
  private final String workerName;
  private final AtomicInteger node;
  private volatile boolean connected;

  /**
   * What all clients of a test share.
   *
   * @param nodes the APIs that can be asked; a client goes on to the next one when a request fails
   */
  record Surroundings(
      List<URI> nodes,
      Recorder recorder,
      Timers timers,
      java.util.concurrent.Executor executor,
      RetryRule retries) {}

  /** A request: what is asked, by which method and path, with which body ({@code null}: none). */
  record Ask(Op op, String run, String method, String path, JsonNode body) {
    static Ask get(Op op, String run, String path) {
      return new Ask(op, run, "GET", path, null);
    }

    static Ask post(Op op, String run, String path, JsonNode body) {
      return new Ask(op, run, "POST", path, body);
    }
  }

  /**
   * @param actor who asks, for the log
   * @param workerName what workers and their engines name themselves; null for others
   */
  ApiClient(Surroundings around, String actor, String workerName, int connections) {
    this.around = around;
    this.actor = actor;
    this.node = new AtomicInteger(Math.floorMod(actor.hashCode(), around.nodes().size()));
    this.workerName = workerName;
    this.gate = new ConnectionGate(connections, TIMEOUT);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .executor(around.executor())
            .build();
  }

  static ObjectNode object() {
    return JSON.createObjectNode();
  }

  /** The successful answer; fails with {@link RequestFailed} if there is none. */
  CompletableFuture<Reply> send(Ask ask) {
    return attempt(ask, around.recorder().newCall(), 1, 0);
  }

  private CompletableFuture<Reply> attempt(Ask ask, long call, int attempt, int tries) {
    return gate.enter()
        .thenCompose(entered -> exchange(ask, call, attempt))
        .handle((reply, failure) -> new Ended(reply, failure == null ? null : cause(failure)))
        .thenCompose(ended -> judge(ask, call, attempt, tries, ended));
  }

  /** One of the two is null. */
  private record Ended(Reply reply, Throwable failure) {}

  private CompletableFuture<Reply> exchange(Ask ask, long call, int attempt) {
    around.recorder().request(call, attempt, actor, ask.op(), ask.run());
    return http.sendAsync(request(ask), BodyHandlers.ofByteArray())
        .handle(
            (response, failure) -> {
              gate.leave();
              if (failure != null) {
                var why = cause(failure);
                around.recorder().lost(call, attempt, actor, ask.op(), ask.run(), why.toString());
                throw new CompletionException(why);
              }
              connected = true;
              var reply = read(response);
              around.recorder().answer(call, attempt, actor, ask.op(), reply, ask.run());
              return reply;
            });
  }

  private URI api() {
    return around.nodes().get(node.get());
  }

  private void toNextNode() {
    node.updateAndGet(now -> (now + 1) % around.nodes().size());
  }

  private HttpRequest request(Ask ask) {
    var builder =
        HttpRequest.newBuilder(URI.create(api() + ask.path()))
            .timeout(TIMEOUT)
            .header("User-Agent", "prefect/3.8.8 (API 0.8.4)")
            .header("X-PREFECT-API-VERSION", "0.8.4");
    if (workerName != null) {
      builder.header("X-Prefect-Worker-Name", workerName);
    }
    if (ask.body() == null) {
      return builder.method(ask.method(), BodyPublishers.noBody()).build();
    }
    return builder
        .header("Content-Type", "application/json")
        .method(ask.method(), BodyPublishers.ofByteArray(bytes(ask.body())))
        .build();
  }

  private static byte[] bytes(JsonNode body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Reply read(HttpResponse<byte[]> response) {
    var headers = response.headers();
    return new Reply(
        response.statusCode(),
        parsed(response.body()),
        headers.firstValue("Retry-After").orElse(null),
        headers.firstValue("Prefect-Maintenance").filter("true"::equals).isPresent());
  }

  private static JsonNode parsed(byte[] body) {
    try {
      return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
    } catch (IOException noJson) {
      return MissingNode.getInstance();
    }
  }

  private CompletableFuture<Reply> judge(Ask ask, long call, int attempt, int before, Ended ended) {
    var reply = ended.reply();
    if (reply != null && reply.isSuccess()) {
      return CompletableFuture.completedFuture(reply);
    }
    int tries = reply != null && reply.maintenance() ? before : before + 1;
    if (reply == null || RetryRule.isRetryable(reply.status())) {
      toNextNode();
    }
    return wait(tries, ended)
        .map(
            wait ->
                around
                    .timers()
                    .after(wait)
                    .thenCompose(waited -> attempt(ask, call, attempt + 1, tries)))
        .orElseGet(() -> CompletableFuture.failedFuture(failed(ask, attempt, ended)));
  }

  private Optional<Duration> wait(int tries, Ended ended) {
    if (ended.reply() != null) {
      var reply = ended.reply();
      return around
          .retries()
          .after(tries, new Outcome(reply.status(), reply.retryAfter(), reply.maintenance()));
    }
    // Who never reached the server has the wrong address, by the client's reckoning.
    boolean hopeless =
        ended.failure() instanceof ConnectException && !connected && around.nodes().size() == 1;
    return hopeless ? Optional.empty() : around.retries().after(tries, Outcome.LOST);
  }

  private static RequestFailed failed(Ask ask, int attempts, Ended ended) {
    var what = "%s %s, attempt %d: ".formatted(ask.method(), ask.path(), attempts);
    return ended.reply() == null
        ? new RequestFailed(what + ended.failure(), 0, ended.failure())
        : new RequestFailed(
            what + ended.reply().status() + " " + ended.reply().excerpt(),
            ended.reply().status(),
            null);
  }

  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException wrapped && wrapped.getCause() != null
        ? wrapped.getCause()
        : failure;
  }
}

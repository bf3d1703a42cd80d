package io.sluice.load.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.load.Jitter;
import io.sluice.load.RetryRule;
import io.sluice.load.RetryRule.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A client with the habits of Prefect 3.8.8's and one connection: it sends again what failed by
 * {@link RetryRule}, and leaves a 423 to who asked. It waits for each answer.
 */
final class Caller implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final RetryRule RETRIES =
      new RetryRule(
          new Jitter(() -> ThreadLocalRandom.current().nextDouble()),
          InstantSource.system(),
          RetryRule.RETRIES_OF_PREFECT);

  private final Connection connection;
  private final Counts counts;
  private final Deadline deadline;
  private boolean connected;

  Caller(URI api, Counts counts, Deadline deadline) {
    this.connection = new Connection(api);
    this.counts = counts;
    this.deadline = deadline;
  }

  /** Connects before the first request; if that fails, the request will say so. */
  void connect() {
    try {
      connection.open();
      connected = true;
    } catch (IOException failed) {
      // Tried again with the request.
    }
  }

  Answer post(String path, JsonNode body) throws InterruptedException {
    return send("POST", path, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  Answer get(String path) throws InterruptedException {
    return send("GET", path, null);
  }

  /** The last answer, when it is good, final, or one too many that was not. */
  Answer send(String method, String path, byte[] body) throws InterruptedException {
    for (int tries = 1; ; ) {
      var answer = once(method, path, body);
      if (answer.isSuccess() || answer.isLocked()) {
        return answer;
      }
      if (deadline.isOver()) {
        return answer;
      }
      counts.error(answer.kind());
      // Who never reached the server has the wrong address, by the client's reckoning.
      var wait = connected ? again(tries, answer) : Optional.<Duration>empty();
      if (wait.isEmpty()) {
        counts.gaveUp();
        return answer;
      }
      if (!deadline.pause(wait.get())) {
        return answer;
      }
      tries += answer.maintenance() ? 0 : 1;
    }
  }

  private static Optional<Duration> again(int tries, Answer answer) {
    return RETRIES.after(
        tries,
        answer.status() == 0
            ? Outcome.LOST
            : new Outcome(answer.status(), answer.retryAfter(), answer.maintenance()));
  }

  private Answer once(String method, String path, byte[] body) {
    counts.request();
    try {
      var answer = connection.exchange(method, path, body);
      connected = true;
      return answer;
    } catch (ConnectException failed) {
      return Answer.lost(failed);
    } catch (IOException failed) {
      connected = true;
      return Answer.lost(failed);
    }
  }

  /** A client that sets a stage, before any round. */
  static Caller ofSetUp(Server server) {
    return new Caller(server.api(), new Counts(), new Deadline());
  }

  Counts counts() {
    return counts;
  }

  Deadline deadline() {
    return deadline;
  }

  @Override
  public void close() {
    connection.close();
  }
}

package io.sluice.prefect;

import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.Optional;

/**
 * A websocket whose first message must hold a good token (Prefect 3.8.8,
 * server/utilities/subscriptions.py). Prefect closes with 1008 otherwise, which Pekko cannot; but
 * its client also understands an answer to {@code auth} that is no success, and gives up at once,
 * saying why.
 */
final class GuardedSocket implements Socket {
  private final Credentials credentials;
  private final Socket inner;
  private volatile boolean passed;

  private GuardedSocket(Credentials credentials, Socket inner) {
    this.credentials = credentials;
    this.inner = inner;
  }

  /** The same socket if nobody has to say who they are. */
  static Socket of(Credentials credentials, Socket inner) {
    return credentials.areWanted() ? new GuardedSocket(credentials, inner) : inner;
  }

  @Override
  public void opened(Peer peer) {
    inner.opened(peer);
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    if (!passed) {
      if (!SocketAuth.isAuth(text)) {
        return CompletableFuture.completedFuture(failed("Expected 'auth' message"));
      }
      var token = Json.read(text).path("token").asText("");
      if (token.isEmpty()) {
        return CompletableFuture.completedFuture(failed("Auth required but no token provided"));
      }
      if (!credentials.isSecret(token)) {
        return CompletableFuture.completedFuture(failed("Invalid token"));
      }
      passed = true;
    }
    return inner.heard(text);
  }

  @Override
  public boolean isAdmitted() {
    return passed;
  }

  private static Reply failed(String reason) {
    return new Reply(
        List.of(Json.text(Map.of("type", "auth_failure", "reason", reason))),
        Optional.of(Close.policyViolation(reason)));
  }

  @Override
  public void closed() {
    inner.closed();
  }
}

package io.sluice.prefect;

import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The first message on every websocket must be {@code auth}, with a good token if anybody has to
 * say who they are (Prefect 3.8.8, server/utilities/subscriptions.py); what comes after it is for
 * the socket behind. Else the connection ends with code 1008 and a reason that the client shows.
 */
final class SocketAuth implements Socket {
  static final Reply WELCOME = Reply.of("{\"type\":\"auth_success\"}");

  private final Credentials credentials;
  private final Socket behind;
  private final Optional<String> reason;
  private volatile boolean admitted;

  SocketAuth(Credentials credentials, Socket behind) {
    this(credentials, behind, Optional.empty());
  }

  /**
   * @param reason said to whoever is not admitted; if empty, what is wrong
   */
  SocketAuth(Credentials credentials, Socket behind, Optional<String> reason) {
    this.credentials = credentials;
    this.behind = behind;
    this.reason = reason;
  }

  @Override
  public void opened(Peer peer) {
    behind.opened(peer);
  }

  @Override
  public CompletableFuture<Reply> heard(String text) {
    if (admitted) {
      return behind.heard(text);
    }
    var wrong = wrong(text);
    admitted = wrong.isEmpty();
    return CompletableFuture.completedFuture(
        admitted
            ? WELCOME
            : Reply.hangUp(Close.policyViolation(reason.orElseGet(wrong::orElseThrow))));
  }

  /** What is wrong with a first message; empty if nothing. */
  private Optional<String> wrong(String text) {
    try {
      var message = Json.read(text);
      if (!message.path("type").asText().equals("auth")) {
        return Optional.of("Expected 'auth' message");
      }
      var token = message.path("token").asText("");
      if (!credentials.areWanted()) {
        return Optional.empty();
      }
      if (token.isEmpty()) {
        return Optional.of("Auth required but no token provided");
      }
      return credentials.isSecret(token) ? Optional.empty() : Optional.of("Invalid token");
    } catch (RuntimeException notJson) {
      return Optional.of("Expected 'auth' message");
    }
  }

  @Override
  public boolean isAdmitted() {
    return admitted;
  }

  @Override
  public void closed() {
    behind.closed();
  }
}

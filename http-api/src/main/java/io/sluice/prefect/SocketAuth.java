package io.sluice.prefect;

import io.sluice.http.Json;
import io.sluice.http.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * The first message on every websocket must be {@code auth} (Prefect 3.8.8,
 * server/utilities/subscriptions.py); what comes after it is for the socket behind.
 */
final class SocketAuth implements Socket {
  static final Reply WELCOME = Reply.of("{\"type\":\"auth_success\"}");

  private static final Close NO_AUTH = Close.policyViolation("Expected 'auth' message");

  private final Socket behind;
  private boolean admitted;

  SocketAuth(Socket behind) {
    this.behind = behind;
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
    admitted = isAuth(text);
    return CompletableFuture.completedFuture(admitted ? WELCOME : Reply.hangUp(NO_AUTH));
  }

  static boolean isAuth(String text) {
    try {
      return Json.read(text).path("type").asText().equals("auth");
    } catch (RuntimeException notJson) {
      return false;
    }
  }

  @Override
  public void closed() {
    behind.closed();
  }
}

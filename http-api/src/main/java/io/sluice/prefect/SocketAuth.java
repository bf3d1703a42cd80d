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

  private final Socket behind;
  private final Close refused;
  private boolean admitted;

  SocketAuth(Socket behind) {
    this(behind, "Expected 'auth' message");
  }

  /**
   * @param reason said to a client that is not admitted
   */
  SocketAuth(Socket behind, String reason) {
    this.behind = behind;
    this.refused = Close.policyViolation(reason);
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
    return CompletableFuture.completedFuture(admitted ? WELCOME : Reply.hangUp(refused));
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

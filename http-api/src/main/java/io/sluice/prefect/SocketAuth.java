package io.sluice.prefect;

import io.sluice.http.Json;
import io.sluice.http.Socket;

/** The first message on every websocket (Prefect 3.8.8, server/utilities/subscriptions.py). */
final class SocketAuth {
  static final Socket.Reply WELCOME = Socket.Reply.of("{\"type\":\"auth_success\"}");

  private SocketAuth() {}

  static boolean isAuth(String text) {
    try {
      return Json.read(text).path("type").asText().equals("auth");
    } catch (RuntimeException notJson) {
      return false;
    }
  }
}

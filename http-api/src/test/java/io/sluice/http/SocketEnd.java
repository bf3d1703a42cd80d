package io.sluice.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client's end of a websocket, which remembers what it hears. */
public final class SocketEnd implements WebSocket.Listener, AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final String CLOSED = "closed ";

  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final StringBuilder part = new StringBuilder();
  private final WebSocket socket;

  /**
   * @param base such as {@code http://127.0.0.1:4200/api}
   */
  public SocketEnd(URI base, String path) {
    this.socket =
        HTTP.newWebSocketBuilder()
            .subprotocols("prefect")
            .buildAsync(URI.create(base.toString().replace("http:", "ws:") + path), this)
            .join();
  }

  public String subprotocol() {
    return socket.getSubprotocol();
  }

  /** Says a text; single quotes stand for double ones. */
  public SocketEnd say(String json) {
    socket.sendText(json.replace('\'', '"'), true).join();
    return this;
  }

  /** Says a text of which more follows. */
  public SocketEnd sayPart(String text) {
    socket.sendText(text, false).join();
    return this;
  }

  public SocketEnd ping() {
    socket.sendPing(ByteBuffer.allocate(0)).join();
    return this;
  }

  /** Says that it is done and waits for nothing. */
  public void bye() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye");
  }

  /** The next text, {@code pong}, or what {@link #closed} gives; null after 20 s. */
  public String hear() throws InterruptedException {
    return heard.poll(20, TimeUnit.SECONDS);
  }

  /** What is heard when the other side ends the connection. */
  public static String closed(int code, String reason) {
    return CLOSED + code + " " + reason;
  }

  public static boolean isClosed(String heard) {
    return heard.startsWith(CLOSED);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      heard.add(part.toString());
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    heard.add("pong");
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    heard.add(closed(code, reason));
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    heard.add(CLOSED + error);
  }

  @Override
  public void close() {
    socket.abort();
  }
}
